/** One entry of the security log: what happened to whose account, on which device, from which network. */
import { fullMoment } from "../../domain/deadline";
import { knownKind, timeOfDay, type Kind, type LogLine as Line } from "../../domain/securityLog";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import type { People } from "../../state/queries";
import { Icon, type IconName } from "../../ui/Icon";

const ICONS: Record<Kind, IconName> = {
  signed_in: "enter",
  sign_in_refused: "alert",
  code_refused: "alert",
  signed_out: "leave",
  sessions_ended: "leave",
  token_reused: "alert",
  password_changed: "key",
  password_reset: "key",
  second_factor_on: "shield",
  second_factor_off: "shield",
  recovery_codes_renewed: "key",
  passkey_added: "key",
  passkey_removed: "key",
  passkey_refused: "alert",
  identity_linked: "enter",
  identity_unlinked: "leave",
  token_made: "key",
  token_revoked: "key",
  service_account_made: "key",
  service_account_removed: "key",
  workspace_changed: "shield",
  workspace_deleted: "alert",
  key_made: "key",
  key_retired: "key",
};

export function LogLine({ line, people }: { line: Line; people: People }) {
  const t = useText();
  const clock = useClock();
  const words = t.securityLog;
  const who = people.get(line.account)?.name ?? line.name ?? words.someone;
  const known = knownKind(line.kind) ? line.kind : null;
  return (
    <li className="log-line" data-check={line.check ?? undefined} data-kind={line.kind}>
      <span className="log-mark"><Icon name={known ? ICONS[known] : "history"} size={18} /></span>
      <span className="log-what">
        <strong>{known ? words.line[known](who) : words.other(line.kind, who)}</strong>
        {line.check && <> <span className="tag log-tag">{words[line.check]}</span></>}
      </span>
      <span className="log-where faint">
        {line.device || (line.account ? t.security.sessions.unknownDevice : words.operator)}
        {line.place && <> · {t.security.sessions.place(line.place)}</>}
      </span>
      <time className="log-time faint" dateTime={line.time} title={fullMoment(line.time, clock)}>{timeOfDay(line.time, clock)}</time>
    </li>
  );
}
