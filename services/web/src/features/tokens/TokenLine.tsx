/** One API token in a list: what it may do, until when, whether anything uses it. */
import { useState } from "react";
import { isProblem } from "../../api/problem";
import type { ApiToken } from "../../api/types";
import { agoLabel } from "../../domain/ago";
import { dayLabel, fullMoment } from "../../domain/deadline";
import { expired } from "../../domain/scopes";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/toast";
import { Certain } from "../security/Certain";
import { confirmed } from "../security/stepUp";

interface Props {
  token: ApiToken;
  revoke: () => Promise<unknown>;
  onGone: () => void;
}

export function TokenLine({ token, revoke, onGone }: Props) {
  const t = useText();
  const clock = useClock();
  const words = t.tokens;
  const [asking, setAsking] = useState(false);
  const over = expired(token, clock.now);
  return (
    <li className="row token" data-over={over || undefined}>
      <span className="row-main">
        <strong>{token.name} {over && <span className="tag">{words.over}</span>}</strong>
        <span className="faint">{token.scopes.map((scope) => words.scope[scope] ?? scope).join(", ")}</span>
        <span className="faint">
          {words.ends(token.hint)} · {!over && <>{words.until(dayLabel(token.expires_at, clock))} · </>}
          {token.last_used_at ? <time dateTime={token.last_used_at} title={fullMoment(token.last_used_at, clock)}>{words.used(agoLabel(token.last_used_at, clock, t))}</time> : words.unused}
        </span>
      </span>
      <Button aria-label={words.revokeOf(token.name)} onClick={() => setAsking(true)}>{words.revoke}</Button>
      {asking && (
        <Certain title={words.revokeTitle(token.name)} text={words.revokeText} action={words.revoke} onClose={() => setAsking(false)}
          run={() => confirmed(revoke).catch((error: unknown) => {
            // Gone already, which is what was wanted.
            if (!isProblem(error) || error.status !== 404) throw error;
          })}
          onDone={() => {
            setAsking(false);
            toast(words.revoked(token.name));
            onGone();
          }} />
      )}
    </li>
  );
}
