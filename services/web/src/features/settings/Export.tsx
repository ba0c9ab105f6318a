/** Everything that is kept of the reader, from all services, as one file. */
import { useState } from "react";
import { useMe } from "../../api/session";
import { ownParts } from "../../api/workspace";
import { failed, fetchParts, ownDataFile, ownDataName, PARTS, type Fetched, type Part } from "../../domain/ownData";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { download } from "../../state/download";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { explain } from "../../ui/states";
import { complain, confirmed, isDeclined } from "../security/stepUp";

/** Each part may want the proof, which is asked for with the first and then still counts. */
const load = Object.fromEntries(PARTS.map((part) => [part, () => confirmed(ownParts[part])])) as Record<Part, () => Promise<unknown>>;

export function Export() {
  const t = useText();
  const me = useMe();
  const clock = useClock();
  const words = t.ownData;
  const [fetched, setFetched] = useState<readonly Fetched[]>([]);
  const [at, setAt] = useState<{ done: number; all: number; part: Part } | null>(null);
  const missing = failed(fetched);
  const names = missing.map((part) => words.part[part]).join(", ");
  const fetching = useSend(
    async (wanted: readonly Part[]) => {
      const fresh = await fetchParts(load, (done, part) => setAt({ done, all: wanted.length, part }), isDeclined, wanted);
      return PARTS.flatMap((part) => fresh.find((each) => each.part === part) ?? fetched.find((each) => each.part === part) ?? []);
    },
    {
      done: (all) => {
        setAt(null);
        setFetched(all);
        if (failed(all).length === PARTS.length) return;
        const time = new Date(Date.now()).toISOString();
        // The day is the reader's; Swedish writes it as ISO does.
        const day = new Intl.DateTimeFormat("sv", { timeZone: clock.zone }).format(Date.now());
        download(ownDataName(day), ownDataFile(all, me.email, time), "application/json");
      },
      failed: (error) => {
        setAt(null);
        complain(error, t);
      },
    },
  );
  const first = fetched.find((each): each is { part: Part; error: unknown } => "error" in each);
  return (
    <section className="setting">
      <h2>{words.export}</h2>
      <div className="form">
        <p className="setting-text">{words.exportText}</p>
        <div role="status" className="export-state">
          {at && (
            <>
              <progress max={at.all} value={at.done} aria-label={words.progress} />
              <span className="faint">{words.working(at.done, at.all, words.part[at.part])}</span>
            </>
          )}
          {!at && fetched.length > 0 && missing.length === 0 && <span>{words.ready}</span>}
        </div>
        {!at && first && (
          <p className="note" data-tone="warn" role="alert">
            <span>{missing.length === PARTS.length ? words.nothing : words.partly(names)} {explain(first.error, t)}</span>
          </p>
        )}
        <div className="form-start">
          {missing.length > 0 && missing.length < PARTS.length ? (
            <Button icon="download" busy={fetching.busy} onClick={() => fetching.send(missing)}>{words.again}</Button>
          ) : (
            <Button icon="download" busy={fetching.busy} onClick={() => fetching.send(PARTS)}>{words.start}</Button>
          )}
        </div>
      </div>
    </section>
  );
}
