/** Reminds of an address that is not confirmed. Who puts it off is not asked again in this tab's session. */
import { useState } from "react";
import type { Me } from "../../api/types";
import { useText } from "../../i18n";
import { useVerificationMail } from "./verificationMail";

const KEY = "onus.address-later.";

function putOff(id: string): boolean {
  try {
    return sessionStorage.getItem(KEY + id) !== null;
  } catch {
    return false;
  }
}

export function AddressBanner({ person }: { person: Me }) {
  const t = useText();
  const mail = useVerificationMail(person.email);
  const [hidden, hide] = useState(() => putOff(person.id));
  const later = () => {
    hide(true);
    try {
      sessionStorage.setItem(KEY + person.id, "1");
    } catch {
      // It then comes back with the next visit.
    }
  };
  if (hidden) return null;
  return (
    <aside className="strip strip-ask" aria-label={t.security.banner.label}>
      <span role="status">{mail.sent ? t.security.address.sentShort : t.security.banner.text(person.email)}</span>
      <span className="strip-actions">
        {!mail.sent && <button type="button" className="text-button" aria-disabled={mail.busy || undefined} onClick={mail.send}>{t.security.address.send}</button>}
        <button type="button" className="text-button" onClick={later}>{mail.sent ? t.action.close : t.security.banner.later}</button>
      </span>
    </aside>
  );
}
