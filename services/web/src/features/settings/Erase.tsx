/** Erasing one's account: what goes, what stays, and then the end. */
import { useState } from "react";
import { isProblem } from "../../api/problem";
import { end, useMe } from "../../api/session";
import { eraseMe } from "../../api/workspace";
import { dropAllDrafts } from "../../domain/drafts";
import { useText } from "../../i18n";
import { sayFarewell } from "../../state/farewell";
import { Button } from "../../ui/Button";
import { TypedCertain } from "../../ui/TypedCertain";
import { confirmed, isDeclined } from "../security/stepUp";

export function Erase() {
  const t = useText();
  const me = useMe();
  const words = t.ownData;
  const [asking, setAsking] = useState(false);
  return (
    <section className="setting">
      <h2>{words.erase}</h2>
      <div className="form">
        <p className="setting-text">{words.eraseText}</p>
        <div className="stays">
          <h3>{words.staysTitle}</h3>
          <ul>{words.stays.map((each) => <li key={each}>{each}</li>)}</ul>
        </div>
        <div><Button look="danger" onClick={() => setAsking(true)}>{words.eraseAction}</Button></div>
      </div>
      {asking && (
        <TypedCertain title={words.eraseTitle} text={words.eraseCertain} label={words.eraseLabel(me.email)} wanted={me.email} other={words.eraseOther} action={words.eraseAction}
          told={(error) => (isProblem(error, "conflict") ? words.lastAdmin : undefined)}
          silent={isDeclined} run={(email) => confirmed(() => eraseMe(email))} onClose={() => setAsking(false)}
          onDone={() => {
            dropAllDrafts();
            sayFarewell({ kind: "erased" });
            // The session is over already; the page follows.
            end();
          }} />
      )}
    </section>
  );
}
