/** The description: read as Markdown, written as text, with a preview. */
import { useState, type KeyboardEvent } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useText } from "../../i18n";
import { Button } from "../../ui/Button";
import { Markdown } from "./Markdown";
import { overtaken, type Editor } from "./useEditor";

function Writing({ editor, onDone }: { editor: Editor; onDone: () => void }) {
  const t = useText();
  const { draft, task } = editor;
  const value = draft?.mine.description ?? task.description;
  const save = async () => {
    await editor.save("description");
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void save();
    }
  };
  return (
    <Tabs className="writing">
      <TabList aria-label={t.task.description} className="tab-list tab-list-small">
        <Tab id="write" className="tab">{t.task.write}</Tab>
        <Tab id="preview" className="tab">{t.task.preview}</Tab>
      </TabList>
      <TabPanel id="write">
        <textarea className="input textarea" value={value} rows={8} autoFocus aria-label={t.task.description}
          onChange={(event) => editor.write({ description: event.target.value })} onKeyDown={onKeyDown} />
      </TabPanel>
      <TabPanel id="preview" className="preview"><Markdown source={value} /></TabPanel>
      {overtaken(editor, "description") && <p className="note" data-tone="warn" role="status">{t.task.changedMeanwhile}</p>}
      <div className="form-end">
        <span className="faint">{t.task.markdown}</span>
        <Button onClick={() => { editor.discard("description"); onDone(); }}>{t.action.cancel}</Button>
        <Button look="primary" busy={editor.saving} onClick={() => void save()}>{t.action.save}</Button>
      </div>
    </Tabs>
  );
}

export function Description({ editor, mayEdit }: { editor: Editor; mayEdit: boolean }) {
  const t = useText();
  const { task, draft } = editor;
  const [opened, setOpened] = useState(false);
  const writing = mayEdit && (opened || draft?.mine.description !== undefined) && !draft?.refused;
  return (
    <section className="description" aria-label={t.task.description}>
      {writing ? (
        <Writing editor={editor} onDone={() => setOpened(false)} />
      ) : (
        <>
          {task.description !== "" && <Markdown source={task.description} />}
          {task.description === "" && !mayEdit && <p className="faint">{t.task.noDescription}</p>}
          {mayEdit && (
            <button type="button" className="text-button" onClick={() => setOpened(true)}>
              {task.description === "" ? t.task.addDescription : t.action.edit}
            </button>
          )}
        </>
      )}
    </section>
  );
}
