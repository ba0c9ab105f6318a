/** Who, where, when, how urgent: the fields of a task that are chosen rather than written. */
import { useEffect, useState, type KeyboardEvent } from "react";
import { useMe } from "../../api/session";
import type { Column, Priority } from "../../api/types";
import { sameInstant } from "../../domain/conflict";
import { deadlineLabel } from "../../domain/deadline";
import { hue } from "../../domain/person";
import { canBeInCharge, isOwn, may } from "../../domain/policy";
import { fromWallClock, knownZone, toWallClock } from "../../domain/time";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import type { People } from "../../state/queries";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/Button";
import { Icon, PriorityMark, StatusMark } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import type { Editor } from "./useEditor";
import { Value } from "./values";

const PRIORITIES: readonly Priority[] = ["none", "low", "medium", "high", "urgent"];

function Deadline({ editor }: { editor: Editor }) {
  const t = useText();
  const clock = useClock();
  const { deadline, deadline_zone } = editor.task;
  const zone = deadline_zone && knownZone(deadline_zone) ? deadline_zone : clock.zone;
  const shown = deadline === null ? "" : toWallClock(deadline, zone);
  const [local, setLocal] = useState(shown);
  useEffect(() => setLocal(shown), [shown]);
  const save = () => {
    const next = local === "" ? null : fromWallClock(local, zone);
    if (local !== "" && next === null) return setLocal(shown);
    if (sameInstant(next, deadline)) return;
    void editor.commit({ deadline: next, deadline_zone: next === null ? null : zone });
  };
  return (
    <div className="deadline-edit">
      <input type="datetime-local" className="input" value={local} max="9998-12-31T23:59" aria-label={t.task.deadline} aria-describedby="deadline-zone"
        onChange={(event) => setLocal(event.target.value)} onBlur={save} onKeyDown={(event) => event.key === "Enter" && save()} />
      {deadline !== null && <IconButton icon="close" label={t.task.clearDeadline} onClick={() => void editor.commit({ deadline: null, deadline_zone: null })} />}
      <small id="deadline-zone" className="faint">{t.task.deadlineIn(zone)}</small>
    </div>
  );
}

function Labels({ editor }: { editor: Editor }) {
  const t = useText();
  const [text, setText] = useState("");
  const { labels } = editor.task;
  const add = () => {
    const label = text.trim();
    setText("");
    if (label !== "" && !labels.includes(label)) void editor.commit({ labels: [...labels, label] });
  };
  const remove = (label: string) => void editor.commit({ labels: labels.filter((other) => other !== label) });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const last = labels.at(-1);
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && text === "" && last !== undefined) remove(last);
  };
  return (
    <div className="labels-edit">
      {labels.map((label) => (
        <span key={label} className="label" data-hue={hue(label)}>
          {label}
          <button type="button" aria-label={t.task.removeLabel(label)} onClick={() => remove(label)}><Icon name="close" size={12} /></button>
        </span>
      ))}
      <input className="input label-input" value={text} maxLength={40} placeholder={t.task.addLabel} aria-label={t.task.addLabel}
        onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown} onBlur={add} />
    </div>
  );
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="fact-row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function DeadlineRead({ editor, done }: { editor: Editor; done: boolean }) {
  const t = useText();
  const clock = useClock();
  const { deadline } = editor.task;
  if (!deadline) return <span className="nothing">{t.deadline.none}</span>;
  const label = deadlineLabel(deadline, done, clock, t);
  return <span className="chip" data-tone={label.tone}><Icon name="clock" size={14} /> {label.full}</span>;
}

function Pic({ editor, people, editable }: { editor: Editor; people: People; editable: boolean }) {
  const t = useText();
  const { task } = editor;
  if (!editable) {
    return task.pic_id ? <Value field="pic_id" value={task.pic_id} people={people} /> : <span className="person"><Avatar person={null} size="s" /> {t.board.unassigned}</span>;
  }
  const able = people.list.filter((person) => canBeInCharge(person) || person.id === task.pic_id);
  return (
    <Select label={t.task.pic} value={task.pic_id ?? ""} onChange={(id) => void editor.commit({ pic_id: id === "" ? null : id })}
      options={[
        { id: "", label: t.board.unassigned, mark: <Avatar person={null} size="s" /> },
        ...able.map((person) => ({ id: person.id, label: person.name, mark: <Avatar person={person} size="s" /> })),
      ]} />
  );
}

export function Facts({ editor, columns, people, frozen }: { editor: Editor; columns: readonly Column[]; people: People; frozen: boolean }) {
  const t = useText();
  const me = useMe();
  const { task } = editor;
  const can = (operation: Parameters<typeof may>[1]) => !frozen && may(me.role, operation, isOwn(me, task));
  const column = columns.find((each) => each.id === task.column_id);
  const edit = can("task.edit");
  return (
    <dl className="facts">
      <Row name={t.task.pic}><Pic editor={editor} people={people} editable={can("task.pic")} /></Row>
      <Row name={t.task.column}>
        {can("task.move") ? (
          <Select label={t.task.column} value={task.column_id} onChange={(id) => void editor.moveTo(id)}
            options={columns.map(({ id, name, status }) => ({ id, label: name, mark: <StatusMark status={status} /> }))} />
        ) : <span className="person"><StatusMark status={task.status} /> {column?.name}</span>}
      </Row>
      <Row name={t.task.deadline}>{edit ? <Deadline editor={editor} /> : <DeadlineRead editor={editor} done={task.status === "done"} />}</Row>
      <Row name={t.task.priority}>
        {edit ? (
          <Select label={t.task.priority} value={task.priority} onChange={(priority) => void editor.commit({ priority })}
            options={PRIORITIES.map((id) => ({ id, label: t.priority[id], mark: <PriorityMark priority={id} /> }))} />
        ) : <Value field="priority" value={task.priority} people={people} />}
      </Row>
      <Row name={t.task.labels}>{edit ? <Labels editor={editor} /> : <Value field="labels" value={task.labels} people={people} />}</Row>
    </dl>
  );
}
