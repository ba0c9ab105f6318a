/** Who belongs to the workspace, what they may do, and who has been asked to join. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { invitations, invite, removeMember, setRole, withdrawInvitation } from "../api/auth";
import { isProblem } from "../api/problem";
import { useMe } from "../api/session";
import type { Invitation, Language, Member, Role } from "../api/types";
import { dayLabel } from "../domain/deadline";
import { may } from "../domain/policy";
import { complain, confirmed, isDeclined } from "../features/security/stepUp";
import { useLanguage, useText } from "../i18n";
import { useClock } from "../state/clock";
import { useOnce } from "../state/once";
import { keys, queries, useMembers } from "../state/queries";
import { Avatar } from "../ui/Avatar";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { SelectField, TextField } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { Select } from "../ui/Select";
import { explain, Failure, Loading } from "../ui/states";
import { toast } from "../ui/toast";
import { useTitle } from "../ui/useTitle";

const ROLES: readonly Role[] = ["admin", "supervisor", "pic", "observer"];

function Invite({ onClose }: { onClose: () => void }) {
  const t = useText();
  const language = useLanguage();
  const once = useOnce();
  const send = useMutation({
    mutationFn: (body: { email: string; role: Role; language: Language }) => invite(body, once.keyFor(body)),
    onSuccess: (sent) => {
      toast(t.people.sent(sent.email));
      onClose();
      return queries.invalidateQueries({ queryKey: keys.invitations });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const of = (name: string) => String(data.get(name)).trim();
    send.mutate({ email: of("email"), role: of("role") as Role, language: of("language") as Language });
  };
  const fault = send.error ? ((isProblem(send.error) ? send.error.field("email") : undefined) ?? explain(send.error, t)) : undefined;
  return (
    <Dialog title={t.people.invite} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p className="faint">{t.people.inviteText}</p>
        <TextField label={t.auth.email} name="email" type="email" required autoFocus autoComplete="off" fault={fault} />
        <SelectField label={t.people.role} name="role" defaultValue="pic">
          {ROLES.map((role) => <option key={role} value={role}>{t.role[role]} – {t.roleHelp[role]}</option>)}
        </SelectField>
        <SelectField label={t.people.language} name="language" defaultValue={language}>
          <option value="en" lang="en">English</option>
          <option value="ko" lang="ko">한국어</option>
        </SelectField>
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button type="submit" look="primary" busy={send.isPending}>{t.people.send}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Remove({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useText();
  const remove = useMutation({
    mutationFn: () => confirmed(() => removeMember(member.id, member.version)),
    onSuccess: () => {
      toast(t.people.removed(member.name));
      onClose();
      return queries.invalidateQueries({ queryKey: keys.members });
    },
  });
  return (
    <Dialog title={t.people.remove(member.name)} onClose={onClose} role="alertdialog">
      <div className="form">
        <p>{t.people.removeText}</p>
        {remove.error && !isDeclined(remove.error) && <p className="form-fault" role="alert">{explain(remove.error, t)}</p>}
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>{t.action.remove}</Button>
        </div>
      </div>
    </Dialog>
  );
}

function Person({ member, manage, onRemove }: { member: Member; manage: boolean; onRemove: () => void }) {
  const t = useText();
  const me = useMe();
  const clock = useClock();
  const change = useMutation({
    mutationFn: (role: Role) => confirmed(() => setRole(member.id, member.version, role)),
    onSuccess: (saved) => toast(t.people.roleSet(saved.name, t.role[saved.role])),
    onError: (error) => complain(error, t),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.members }),
  });
  const self = member.id === me.id;
  // What concerns a service account is in the workspace's settings, beside its tokens.
  const service = member.kind === "service";
  const changeable = manage && !self && !service;
  return (
    <li className="row">
      <Avatar person={member} size="l" />
      <span className="row-main">
        <strong>{member.name} {self && <span className="tag">{t.people.you}</span>}</strong>
        <span className="faint">{service ? t.services.mark : member.email}</span>
      </span>
      <span className="faint wide-only">{t.people.joinedOn(dayLabel(member.joined_at, clock))}</span>
      {changeable ? (
        <Select label={t.people.roleOf(member.name)} value={change.isPending ? change.variables : member.role} onChange={change.mutate}
          options={ROLES.map((role) => ({ id: role, label: t.role[role], note: t.roleHelp[role] }))} />
      ) : (
        <span className="tag" title={t.roleHelp[member.role]}>{t.role[member.role]}</span>
      )}
      {manage && (!changeable ? <span className="icon-gap" /> : <IconButton icon="trash" label={t.people.remove(member.name)} onClick={onRemove} />)}
    </li>
  );
}

function Waiting({ invitation }: { invitation: Invitation }) {
  const t = useText();
  const clock = useClock();
  const withdraw = useMutation({
    mutationFn: () => withdrawInvitation(invitation.id, invitation.version),
    onSuccess: () => toast(t.people.withdrawn(invitation.email)),
    onError: (error) => toast(explain(error, t), { tone: "bad" }),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.invitations }),
  });
  const expired = Date.parse(invitation.expires_at) < clock.now;
  return (
    <li className="row">
      <Avatar person={null} size="l" />
      <span className="row-main">
        <strong>{invitation.email}</strong>
        <span className="faint">{expired ? t.people.expired : t.people.expires(dayLabel(invitation.expires_at, clock))}</span>
      </span>
      <span className="tag">{t.role[invitation.role]}</span>
      <Button busy={withdraw.isPending} onClick={() => withdraw.mutate()}>{t.people.withdraw}</Button>
    </li>
  );
}

export function People() {
  const t = useText();
  useTitle(t.people.title);
  const me = useMe();
  const manage = may(me.role, "members.manage");
  const members = useMembers();
  const waiting = useQuery({ queryKey: keys.invitations, queryFn: invitations, enabled: manage });
  const [inviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState<Member | null>(null);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <p className="eyebrow">{me.workspace.name}</p>
          <h1>{t.people.title}</h1>
          <p className="faint">{manage ? t.people.text : t.people.readOnly}</p>
        </div>
        {manage && (
          <div className="form-end">
            <Link to="/people/security" className="button" data-look="quiet"><Icon name="shield" size={18} /> {t.securityLog.title}</Link>
            <Button look="primary" icon="plus" onClick={() => setInviting(true)}>{t.people.invite}</Button>
          </div>
        )}
      </header>
      {members.isPending && <Loading />}
      {members.error && <Failure error={members.error} retry={() => void members.refetch()} />}
      <ul className="rows">
        {members.data?.map((member) => <Person key={member.id} member={member} manage={manage} onRemove={() => setLeaving(member)} />)}
      </ul>
      {waiting.data && waiting.data.items.length > 0 && (
        <section>
          <h2 className="section-title">{t.people.pending}</h2>
          <ul className="rows">{waiting.data.items.map((invitation) => <Waiting key={invitation.id} invitation={invitation} />)}</ul>
        </section>
      )}
      {inviting && <Invite onClose={() => setInviting(false)} />}
      {leaving && <Remove member={leaving} onClose={() => setLeaving(null)} />}
    </div>
  );
}
