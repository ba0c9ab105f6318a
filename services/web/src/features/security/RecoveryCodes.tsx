/** Ten new recovery codes. They are shown once, so the dialog stays until they are said to be kept. */
import type { FormEvent } from "react";
import { useMe } from "../../api/session";
import { codesFile } from "../../domain/code";
import { dayLabel } from "../../domain/deadline";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { download } from "../../state/download";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";

export function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const t = useText();
  const me = useMe();
  const clock = useClock();
  const words = t.security.mfa;
  const file = () => codesFile(words.codesFile, me.email, dayLabel(new Date(clock.now).toISOString(), clock), codes);
  const done = (event: FormEvent) => {
    event.preventDefault();
    onClose();
  };
  return (
    <Dialog title={words.codesTitle} onClose={onClose} role="alertdialog" locked>
      <form className="form" onSubmit={done}>
        <p>{words.codesText}</p>
        <ol className="codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ol>
        <div className="form-start">
          <CopyButton text={codes.join("\n")} label={t.security.copy} />
          <Button icon="download" onClick={() => download("onus-recovery-codes.txt", file())}>{words.download}</Button>
        </div>
        <div className="form-end">
          <label className="check check-start"><input type="checkbox" name="kept" required />{words.kept}</label>
          <Button type="submit" look="primary">{words.done}</Button>
        </div>
      </form>
    </Dialog>
  );
}
