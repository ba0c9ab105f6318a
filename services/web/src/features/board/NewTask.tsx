/** A task with everything a supervisor decides when creating it. */
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { isProblem } from "../../api/problem";
import { createTask } from "../../api/tasks";
import type { Column, Member, Priority } from "../../api/types";
import { canBeInCharge } from "../../domain/policy";
import { fromWallClock } from "../../domain/time";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { useOnce } from "../../state/once";
import { adoptTask } from "../../state/queries";
import { announce } from "../../ui/announce";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { PriorityMark, StatusMark } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";

const PRIORITIES: readonly Priority[] = ["none", "low", "medium", "high", "urgent"];

interface Props {
  boardId: string;
  columns: readonly Column[];
  start: string;
  people: readonly Member[];
  onClose: () => void;
  onOpen: (id: string) => void;
}

export function NewTask({ boardId, columns, start, people, onClose, onOpen }: Props) {
  const t = useText();
  const clock = useClock();
  const once = useOnce();
  const [column, setColumn] = useState(start);
  const [pic, setPic] = useState("");
  const [priority, setPriority] = useState<Priority>("none");
  const create = useMutation({
    mutationFn: (data: FormData) => {
      const local = String(data.get("deadline") ?? "");
      const deadline = local === "" ? null : fromWallClock(local, clock.zone);
      const body = {
        title: String(data.get("title")).trim(),
        column_id: column,
        priority,
        ...(pic === "" ? {} : { pic_id: pic }),
        ...(deadline === null ? {} : { deadline, deadline_zone: clock.zone }),
      };
      return createTask(boardId, body, once.keyFor(body));
    },
    onSuccess: (task) => {
      adoptTask(task);
      onClose();
      announce(t.board.created(task.title));
      toast(t.board.created(task.title), { action: { label: t.help.keys.open, run: () => onOpen(task.id) } });
    },
  });
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!create.isPending) create.mutate(new FormData(event.currentTarget));
  };
  const titleFault = isProblem(create.error) ? create.error.field("title") : undefined;
  return (
    <Dialog title={t.board.newTask} onClose={onClose} size="m">
      <form className="form" onSubmit={send}>
        <TextField label={t.task.title} name="title" required maxLength={200} autoFocus placeholder={t.board.taskTitle} autoComplete="off" fault={titleFault} />
        <div className="form-pair">
          <div className="field">
            <span className="field-name" aria-hidden="true">{t.task.pic}</span>
            <Select label={t.task.pic} value={pic} onChange={setPic} options={[
              { id: "", label: t.board.unassigned, mark: <Avatar person={null} size="s" /> },
              ...people.filter((person) => canBeInCharge(person)).map((person) => ({ id: person.id, label: person.name, mark: <Avatar person={person} size="s" /> })),
            ]} />
          </div>
          <div className="field">
            <span className="field-name" aria-hidden="true">{t.task.column}</span>
            <Select label={t.task.column} value={column} onChange={setColumn}
              options={columns.map(({ id, name, status }) => ({ id, label: name, mark: <StatusMark status={status} /> }))} />
          </div>
          <TextField label={t.task.deadline} name="deadline" type="datetime-local" max="9998-12-31T23:59" />
          <div className="field">
            <span className="field-name" aria-hidden="true">{t.task.priority}</span>
            <Select label={t.task.priority} value={priority} onChange={setPriority}
              options={PRIORITIES.map((id) => ({ id, label: t.priority[id], mark: <PriorityMark priority={id} /> }))} />
          </div>
        </div>
        {create.error && !titleFault && <p className="form-fault" role="alert">{explain(create.error, t)}</p>}
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button type="submit" look="primary" busy={create.isPending}>{t.action.create}</Button>
        </div>
      </form>
    </Dialog>
  );
}
