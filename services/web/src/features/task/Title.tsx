/** The title, edited where it stands: Enter or leaving saves, Escape takes it back. */
import { useLayoutEffect, useRef, type KeyboardEvent } from "react";
import { useText } from "../../i18n";
import { overtaken, type Editor } from "./useEditor";

export function Title({ editor, mayEdit }: { editor: Editor; mayEdit: boolean }) {
  const t = useText();
  const area = useRef<HTMLTextAreaElement>(null);
  const { task, draft } = editor;
  const value = (!draft?.refused && draft?.mine.title) || (draft?.mine.title === "" ? "" : task.title);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [value]);
  if (!mayEdit) return <h2 className="task-title" id="task-title">{task.title}</h2>;

  const finish = () => {
    if (draft?.refused || draft?.mine.title === undefined) return;
    if (draft.mine.title.trim() === "") editor.discard("title");
    else void editor.save("title");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      event.currentTarget.blur();
    } else if (event.key === "Escape" && draft?.mine.title !== undefined) {
      event.stopPropagation();
      editor.discard("title");
    }
  };
  return (
    <div className="task-title-edit">
      <h2 className="sr-only" id="task-title">{task.title}</h2>
      <textarea ref={area} className="task-title" rows={1} value={value} maxLength={200} aria-label={t.task.title} enterKeyHint="done"
        onChange={(event) => editor.write({ title: event.target.value.replace(/[\r\n]+/g, " ") })} onBlur={finish} onKeyDown={onKeyDown} />
      {overtaken(editor, "title") && !draft?.refused && <p className="note" data-tone="warn" role="status">{t.task.changedMeanwhile}</p>}
    </div>
  );
}
