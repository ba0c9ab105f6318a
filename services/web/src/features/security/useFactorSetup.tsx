/** Setting up an authenticator app or a passkey, with the recovery codes that the first of them brings. */
import { useState, type ReactNode } from "react";
import { startTotp, type TotpSecret } from "../../api/identity";
import { useText } from "../../i18n";
import { keys, queries } from "../../state/queries";
import { useSend } from "../../state/send";
import { toast } from "../../ui/toast";
import { AddPasskey } from "./AddPasskey";
import { RecoveryCodes } from "./RecoveryCodes";
import { complain, confirmed } from "./stepUp";
import { TotpSetup } from "./TotpSetup";

type Open = { kind: "app"; secret: TotpSecret } | { kind: "passkey" } | { kind: "codes"; codes: readonly string[]; said: string } | null;

interface Setup {
  startApp: () => void;
  appBusy: boolean;
  startPasskey: () => void;
  dialogs: ReactNode;
}

/** `closed` follows every dialog, and is told whether something was set up. */
export function useFactorSetup(closed: (done: boolean) => void): Setup {
  const t = useText();
  const [open, setOpen] = useState<Open>(null);
  const start = useSend(() => confirmed(startTotp), {
    done: (secret) => setOpen({ kind: "app", secret }),
    failed: (error) => complain(error, t),
  });
  const finish = (said: string) => {
    toast(said);
    setOpen(null);
    closed(true);
  };
  const added = (said: string, codes: readonly string[] | null) => {
    void queries.invalidateQueries({ queryKey: keys.mfa });
    if (codes && codes.length > 0) setOpen({ kind: "codes", codes, said });
    else finish(said);
  };
  const cancel = () => {
    setOpen(null);
    closed(false);
  };
  return {
    startApp: () => start.send(),
    appBusy: start.busy,
    startPasskey: () => setOpen({ kind: "passkey" }),
    dialogs: (
      <>
        {open?.kind === "app" && <TotpSetup secret={open.secret} onClose={cancel} onDone={(codes) => added(t.security.mfa.switchedOn, codes)} />}
        {open?.kind === "passkey" && <AddPasskey onClose={cancel} onDone={(name, codes) => added(t.passkeys.added(name), codes)} />}
        {open?.kind === "codes" && <RecoveryCodes codes={open.codes} onClose={() => finish(open.said)} />}
      </>
    ),
  };
}
