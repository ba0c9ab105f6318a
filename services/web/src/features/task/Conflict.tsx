/** Two versions of the same field: both shown, one chosen or a third written. Nothing is lost before that. */
import { useState } from "react";
import { useMe } from "../../api/session";
import { collisions, resolve, type Choice, type Collision, type Field } from "../../domain/conflict";
import { useText } from "../../i18n";
import { lastActor } from "../../state/live";
import type { People } from "../../state/queries";
import { announce } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Diff } from "./History";
import type { Editor } from "./useEditor";
import { useFieldName, Value } from "./values";

const isText = (field: Field) => field === "title" || field === "description";

function Side({ collision, side, people }: { collision: Collision; side: "mine" | "theirs"; people: People }) {
  const value = collision[side];
  if (collision.field === "description") return <Diff before={String(collision.base ?? "")} after={String(value ?? "")} />;
  return <div className="side-value"><Value field={collision.field} value={value} people={people} /></div>;
}

interface Props {
  collision: Collision;
  choice: Choice;
  choose: (choice: Choice) => void;
  people: People;
  who: string;
}

function Decision({ collision, choice, choose, people, who }: Props) {
  const t = useText();
  const name = useFieldName()(collision.field);
  const merged = typeof choice === "object";
  const radio = `choice-${collision.field}`;
  return (
    <fieldset className="decision">
      <legend>{name}</legend>
      <div className="sides">
        {(["mine", "theirs"] as const).map((side) => (
          <label key={side} className="side" data-side={side} data-chosen={choice === side || undefined}>
            <span className="side-head">
              <input type="radio" name={radio} checked={choice === side} onChange={() => choose(side)} />
              <strong>{side === "mine" ? t.conflict.mine : t.conflict.theirs}</strong>
              <span className="faint">{side === "theirs" ? who : ""}</span>
            </span>
            <Side collision={collision} side={side} people={people} />
          </label>
        ))}
      </div>
      {isText(collision.field) && (
        <div className="side side-merge" data-chosen={merged || undefined}>
          <label className="side-head">
            <input type="radio" name={radio} checked={merged} onChange={() => choose({ merged: String(collision.mine) })} />
            <strong>{t.conflict.merge}</strong>
          </label>
          {merged && (
            <textarea className="input textarea" aria-label={t.conflict.merged} rows={collision.field === "title" ? 2 : 7} value={choice.merged}
              maxLength={collision.field === "title" ? 200 : undefined} onChange={(event) => choose({ merged: event.target.value })} />
          )}
        </div>
      )}
    </fieldset>
  );
}

export function Conflict({ editor, people, onLater }: { editor: Editor; people: People; onLater: () => void }) {
  const t = useText();
  const me = useMe();
  const { draft } = editor;
  const [choices, setChoices] = useState<Partial<Record<Field, Choice>>>({});
  if (!draft) return null;
  const list = collisions(draft);
  const actor = people.get(lastActor(draft.task));
  const yourself = actor?.id === me.id;
  const later = () => {
    announce(t.conflict.kept);
    onLater();
  };
  const save = async () => {
    await editor.settle(resolve(draft, choices));
    announce(t.conflict.resolved);
  };
  return (
    <Dialog title={t.conflict.title} onClose={later} size="l" role="alertdialog">
      <p className="conflict-text">{yourself ? t.conflict.yourself : t.conflict.text(actor?.name ?? t.conflict.somebody)}</p>
      {list.map((collision) => (
        <Decision key={collision.field} collision={collision} people={people} who={yourself ? t.conflict.otherTab : (actor?.name ?? "")} choice={choices[collision.field] ?? "mine"}
          choose={(choice) => setChoices({ ...choices, [collision.field]: choice })} />
      ))}
      <div className="form-end conflict-end">
        <span className="faint">{t.conflict.laterHelp}</span>
        <Button onClick={later}>{t.conflict.later}</Button>
        <Button look="primary" busy={editor.saving} onClick={() => void save()}>{t.conflict.save}</Button>
      </div>
    </Dialog>
  );
}
