/** What was deleted and can come back. */
import { useClock } from "../state/clock";
import { momentLabel } from "../domain/deadline";
import { useText } from "../i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Failure, Loading } from "./states";

interface Deleted {
  id: string;
  name: string;
  deleted_at: string | null;
}

interface Props {
  items: readonly Deleted[] | undefined;
  error: unknown;
  restore: (id: string) => void;
  onClose: () => void;
}

export function TrashList({ items, error, restore, onClose }: Props) {
  const t = useText();
  const clock = useClock();
  return (
    <Dialog title={t.board.trash} onClose={onClose} size="m">
      {!items && !error && <Loading />}
      {Boolean(error) && <Failure error={error} />}
      {items?.length === 0 && <p className="faint">{t.board.trashEmpty}</p>}
      <ul className="rows">
        {items?.map((item) => (
          <li key={item.id} className="row">
            <span className="row-main">
              <strong>{item.name}</strong>
              {item.deleted_at && <span className="faint">{momentLabel(item.deleted_at, clock)}</span>}
            </span>
            <Button onClick={() => restore(item.id)}>{t.action.restore}</Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
