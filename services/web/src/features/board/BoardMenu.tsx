/** Renaming, deleting, adding a column, and the trash of a board. */
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { deleteBoard, restoreBoard } from "../../api/tasks";
import type { BoardState } from "../../domain/board";
import { useText } from "../../i18n";
import { keys, queries } from "../../state/queries";
import { Menu } from "../../ui/Menu";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";

const dialogs = () => import("./dialogs");
const Rename = lazy(() => dialogs().then((module) => ({ default: module.Rename })));
const Trash = lazy(() => dialogs().then((module) => ({ default: module.Trash })));
const ColumnDialog = lazy(() => dialogs().then((module) => ({ default: module.ColumnDialog })));

export function BoardMenu({ board }: { board: BoardState }) {
  const t = useText();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"rename" | "column" | "trash" | null>(null);
  const close = () => setOpen(null);
  const remove = async () => {
    try {
      const gone = await deleteBoard(board.id, board.version);
      await navigate({ to: "/boards" });
      await queries.invalidateQueries({ queryKey: keys.boards });
      const undo = () =>
        void restoreBoard(gone.id, gone.version)
          .then(() => queries.invalidateQueries({ queryKey: keys.boards }))
          .then(() => toast(t.boards.restored(board.name)))
          .catch((error: unknown) => toast(explain(error, t), { tone: "bad" }));
      toast(t.boards.deleted(board.name), { action: { label: t.action.undo, run: undo } });
    } catch (error) {
      toast(explain(error, t), { tone: "bad" });
    }
  };
  return (
    <>
      <Menu
        label={t.board.boardMenu}
        actions={[
          { id: "column", label: t.board.addColumn, icon: "plus", run: () => setOpen("column") },
          { id: "rename", label: t.board.renameBoard, icon: "text", run: () => setOpen("rename") },
          { id: "trash", label: t.board.trash, icon: "trash", run: () => setOpen("trash") },
          { id: "delete", label: t.board.deleteBoard, icon: "close", danger: true, run: () => void remove() },
        ]}
      />
      <Suspense>
        {open === "rename" && <Rename board={board} onClose={close} />}
        {open === "column" && <ColumnDialog boardId={board.id} onClose={close} />}
        {open === "trash" && <Trash boardId={board.id} onClose={close} />}
      </Suspense>
    </>
  );
}
