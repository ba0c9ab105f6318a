/** What a supervisor can do with a column. */
import { lazy, Suspense, useState } from "react";
import { isProblem } from "../../api/problem";
import { deleteColumn, moveColumn } from "../../api/tasks";
import type { Column } from "../../api/types";
import { useText } from "../../i18n";
import { adoptColumn, keys, queries } from "../../state/queries";
import { Menu } from "../../ui/Menu";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";

const ColumnDialog = lazy(() => import("./dialogs").then((module) => ({ default: module.ColumnDialog })));

interface Props {
  boardId: string;
  column: Column;
  neighbours: { left: Column | null; right: Column | null };
  empty: boolean;
}

export function ColumnMenu({ boardId, column, neighbours: { left, right }, empty }: Props) {
  const t = useText();
  const [editing, setEditing] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      toast(isProblem(error, "conflict") ? t.board.notEmpty : explain(error, t), { tone: "bad" });
      void queries.invalidateQueries({ queryKey: keys.board(boardId) });
    }
  };
  const shift = (anchor: { before?: string; after?: string }) =>
    void attempt(async () => adoptColumn(boardId, column.id, await moveColumn(column.id, column.version, anchor)));
  const remove = () =>
    void attempt(async () => {
      await deleteColumn(column.id, column.version);
      adoptColumn(boardId, column.id, null);
    });
  return (
    <>
      <Menu
        label={t.board.columnMenu(column.name)}
        className="icon-button lane-menu"
        actions={[
          { id: "edit", label: t.board.editColumn, run: () => setEditing(true) },
          { id: "left", label: t.board.moveLeft, disabled: !left, run: () => left && shift({ before: left.id }) },
          { id: "right", label: t.board.moveRight, disabled: !right, run: () => right && shift({ after: right.id }) },
          { id: "delete", label: t.board.deleteColumn, danger: true, run: () => (empty ? remove() : toast(t.board.notEmpty, { tone: "bad" })) },
        ]}
      />
      {editing && <Suspense><ColumnDialog boardId={boardId} column={column} onClose={() => setEditing(false)} /></Suspense>}
    </>
  );
}
