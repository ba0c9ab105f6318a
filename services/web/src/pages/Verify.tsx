/** Confirming an address: opening the link of the mail is all there is to do. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { readMe } from "../api/auth";
import { verifyEmail } from "../api/identity";
import { restore, updateMe } from "../api/session";
import { linkFault, type LinkFault } from "../domain/link";
import { useText } from "../i18n";
import { useLinkToken } from "../state/linkToken";
import { Button } from "../ui/Button";
import { explain, Loading } from "../ui/states";
import { AuthNotice } from "./AuthFrame";

/** Whoever is signed in here learns of it in every tab; that this fails changes nothing about the address. */
async function tellTabs(): Promise<void> {
  try {
    if (await restore()) updateMe(await readMe());
  } catch {
    // The next visit asks anyway.
  }
}

async function verify(token: string): Promise<true> {
  await verifyEmail(token);
  await tellTabs();
  return true;
}

export function Verify() {
  const t = useText();
  const token = useLinkToken();
  // A query, and not an effect: a token works once, and a query is asked once however often this is drawn.
  const check = useQuery({ queryKey: ["verify", token], queryFn: () => verify(token), enabled: token !== "", retry: false, staleTime: Infinity, refetchOnReconnect: false });
  if (token !== "" && check.isPending) return <AuthNotice title={t.security.verify.checking}><Loading /></AuthNotice>;
  const fault: LinkFault | null = token === "" ? "unknown" : linkFault(check.error);
  if (check.error && !fault) {
    return (
      <AuthNotice title={t.security.verify.failed}>
        <p className="auth-intro">{explain(check.error, t)}</p>
        <Button look="primary" className="button-wide" busy={check.isFetching} onClick={() => void check.refetch()}>{t.action.retry}</Button>
      </AuthNotice>
    );
  }
  const { verify: words } = t.security;
  const boards = (look: "primary" | "plain") => <Link to="/boards" className="button button-wide" data-look={look}>{words.go}</Link>;
  return (
    <AuthNotice title={words[fault ?? "done"]}>
      <p className="auth-intro">{words[`${fault ?? "done"}Text`]}</p>
      {(fault === "expired" || fault === "unknown") && (
        <Link to="/settings/security" className="button button-wide" data-look="primary">{words.another}</Link>
      )}
      {boards(fault === "expired" || fault === "unknown" ? "plain" : "primary")}
    </AuthNotice>
  );
}
