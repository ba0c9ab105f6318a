/** One's own API tokens. */
import { useRef, useState } from "react";
import { createToken, revokeToken } from "../../api/tokens";
import type { ApiToken } from "../../api/types";
import { useText } from "../../i18n";
import { keys, queries } from "../../state/queries";
import { Button } from "../../ui/Button";
import { rescueFocus } from "../../ui/focus";
import { NewToken } from "./NewToken";
import { TokenLine } from "./TokenLine";

const reload = () => queries.invalidateQueries({ queryKey: keys.tokens });

export function Tokens({ items }: { items: readonly ApiToken[] }) {
  const t = useText();
  const words = t.tokens;
  const [making, setMaking] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const rescue = () => rescueFocus(heading.current);
  return (
    <section className="setting">
      <h2 ref={heading} tabIndex={-1}>{words.title}</h2>
      <div className="form">
        <p className="setting-text">{words.text}{items.length === 0 && <> {words.empty}</>}</p>
        {items.length > 0 && (
          <ul className="rows">
            {items.map((token) => <TokenLine key={token.id} token={token} revoke={() => revokeToken(token.id)} onGone={() => void reload().then(rescue)} />)}
          </ul>
        )}
        <div><Button icon="plus" onClick={() => setMaking(true)}>{words.create}</Button></div>
      </div>
      {making && <NewToken title={words.createTitle} create={createToken} onClose={() => setMaking(false)} onMade={() => void reload()} />}
    </section>
  );
}
