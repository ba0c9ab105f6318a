/** The keys, in one place. */
import { useText } from "../i18n";
import { Dialog } from "../ui/Dialog";

type Key = keyof ReturnType<typeof useText>["help"]["keys"];

const GROUPS: readonly { title: "anywhere" | "onBoard" | "onCard"; rows: readonly [Key, ...string[]][] }[] = [
  { title: "anywhere", rows: [["help", "?"], ["boards", "g b"], ["inbox", "g i"], ["people", "g p"], ["mailbox", "g m"], ["settings", "g s"]] },
  { title: "onBoard", rows: [["search", "/"], ["newTask", "n"], ["mine", "q"], ["clear", "x"]] },
  { title: "onCard", rows: [["walk", "← ↑ ↓ →"], ["open", "Enter"], ["grab", "Space", "m"], ["carry", "← ↑ ↓ →"], ["drop", "Enter", "Space"], ["cancel", "Esc"]] },
];

export function Help({ onClose }: { onClose: () => void }) {
  const t = useText();
  return (
    <Dialog title={t.help.title} onClose={onClose} size="m">
      <div className="help">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3>{t.help[group.title]}</h3>
            <dl>
              {group.rows.map(([name, ...ways]) => (
                <div key={name}>
                  <dt>{t.help.keys[name]}</dt>
                  <dd>
                    {ways.map((way, i) => (
                      <span key={way}>
                        {i > 0 && <small> {t.help.or} </small>}
                        {way.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
