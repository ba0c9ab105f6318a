/** Having the mail sent that confirms one's address. */
import { useState } from "react";
import { sendVerification } from "../../api/identity";
import { useText } from "../../i18n";
import { useSend } from "../../state/send";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";

interface VerificationMail {
  send: () => void;
  busy: boolean;
  sent: boolean;
}

export function useVerificationMail(email: string): VerificationMail {
  const t = useText();
  const [sent, setSent] = useState(false);
  const sending = useSend(sendVerification, {
    done: () => {
      setSent(true);
      toast(t.security.address.sent(email));
    },
    failed: (error) => toast(explain(error, t), { tone: "bad" }),
  });
  return { send: () => sending.send(), busy: sending.busy, sent };
}
