/** Where a provider sends the browser back to: the sign-in, or the linking, is completed here, or it is said why not. */
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { completeExternal } from "../api/external";
import { challenge } from "../api/identity";
import { isProblem } from "../api/problem";
import { restore } from "../api/session";
import { refusedFault, saidFault, type ExternalFault } from "../domain/externalFault";
import { safePath } from "../domain/returnPath";
import { CodeStep } from "../features/security/CodeStep";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { explain, Loading } from "../ui/states";
import { toast } from "../ui/toast";
import { AuthNotice } from "./AuthFrame";

const SECURITY = "/settings/security";

function Fault({ fault }: { fault: ExternalFault }) {
  const t = useText();
  // Who was linking is signed in already, and goes back to where that began.
  const session = useQuery({ queryKey: ["restored"], queryFn: () => restore().catch(() => null), retry: false, gcTime: 0 });
  const inside = Boolean(session.data);
  const [to, label] = inside ? [SECURITY, t.external.toSecurity] : ["/sign-in", fault === "link_first" ? t.external.toLink : t.external.toSignIn];
  if (session.isPending) return <AuthNotice title={t.external.completing}><Loading /></AuthNotice>;
  return (
    <AuthNotice title={t.external.fault[fault]}>
      <p className="auth-intro">{t.external.faultText[fault]}</p>
      <Link to={to} search={!inside && fault === "link_first" ? { next: SECURITY } : {}} className="button button-wide" data-look="primary">{label}</Link>
    </AuthNotice>
  );
}

function Complete() {
  const t = useText();
  const router = useRouter();
  const [over, setOver] = useState(false);
  // A query, and not an effect: it works once, and a query is asked once however often this is drawn.
  const flow = useQuery({ queryKey: ["external"], queryFn: completeExternal, retry: false, staleTime: Infinity, gcTime: 0, refetchOnReconnect: false });
  const done = flow.data;
  useEffect(() => {
    if (!done) return;
    if (done.linked) toast(t.external.linkedPlain);
    router.history.replace(safePath(done.return_to) ?? "/boards");
  }, [done, router, t]);
  if (over) return <Fault fault="over" />;
  const asked = challenge(flow.error);
  if (asked) return <CodeStep challenge={asked} onDone={() => router.history.replace(safePath(isProblem(flow.error) ? flow.error.body.return_to : null) ?? "/boards")} onOver={() => setOver(true)} onBack={() => router.history.replace("/sign-in")} />;
  const fault = refusedFault(flow.error);
  if (fault) return <Fault fault={fault} />;
  if (flow.error) {
    return (
      <AuthNotice title={t.external.failed}>
        <p className="auth-intro">{explain(flow.error, t)}</p>
        <Button look="primary" className="button-wide" busy={flow.isFetching} onClick={() => void flow.refetch()}>{t.action.retry}</Button>
        <Link to="/sign-in" className="button button-wide">{t.external.toSignIn}</Link>
      </AuthNotice>
    );
  }
  return <AuthNotice title={t.external.completing}><Loading /></AuthNotice>;
}

export function External() {
  const fault = saidFault(useSearch({ from: "/sign-in/external" }).fault);
  return fault ? <Fault fault={fault} /> : <Complete />;
}
