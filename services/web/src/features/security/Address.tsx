/** One's address, and whether it is known to be one's own. */
import { emailVerified } from "../../api/identity";
import { useMe } from "../../api/session";
import { useText } from "../../i18n";
import { Button } from "../../ui/Button";
import { Mark } from "./Mark";
import { useVerificationMail } from "./verificationMail";

export function Address() {
  const t = useText();
  const me = useMe();
  const mail = useVerificationMail(me.email);
  const verified = emailVerified(me);
  const { address } = t.security;
  return (
    <section className="setting">
      <h2>{address.title}</h2>
      <div className="form">
        <p className="setting-line">
          <span>{me.email}</span>
          <Mark on={verified}>{verified ? address.verified : address.unverified}</Mark>
        </p>
        {!verified && (
          <>
            <p className="setting-text">{address.text}</p>
            <div>
              {mail.sent ? <p role="status" className="faint">{address.sentShort}</p> : <Button icon="mail" busy={mail.busy} onClick={mail.send}>{address.send}</Button>}
            </div>
          </>
        )}
      </div>
    </section>
  );
}
