/** The frame around every signed-in page: where to go, who you are, and the keys that work anywhere. */
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { emailVerified } from "../api/identity";
import { useMaybeMe, useSecondFactorNeeded } from "../api/session";
import type { Me } from "../api/types";
import { AddressBanner } from "../features/security/AddressBanner";
import { currentQuestion, useQuestion } from "../features/security/stepUp";
import { Account } from "../features/workspace/Account";
import { useText } from "../i18n";
import { farewell, forgetFarewell } from "../state/farewell";
import { useOnline } from "../state/live";
import { useMoving } from "../state/moving";
import { queries, useUnread } from "../state/queries";
import { useShortcuts } from "../state/shortcuts";
import { announce } from "../ui/announce";
import { IconButton } from "../ui/Button";
import { Icon, Mark, type IconName } from "../ui/Icon";
import { Loading } from "../ui/states";

const StepUpDialog = lazy(() => import("../features/security/StepUpDialog").then((module) => ({ default: module.StepUpDialog })));
const Gate = lazy(() => import("./Gate").then((module) => ({ default: module.Gate })));
const Help = lazy(() => import("./Help").then((module) => ({ default: module.Help })));

const PLACES = [
  { to: "/boards", key: "boards", icon: "board" },
  { to: "/inbox", key: "inbox", icon: "inbox" },
  { to: "/people", key: "people", icon: "people" },
  { to: "/mailbox", key: "mailbox", icon: "mail" },
] as const satisfies readonly { to: string; key: string; icon: IconName }[];

function Nav({ className }: { className: string }) {
  const t = useText();
  const unread = useUnread().data ?? 0;
  return (
    <nav className={className} aria-label={t.app.nav}>
      {PLACES.map(({ to, key, icon }) => (
        <Link key={to} to={to} className="nav-link" activeProps={{ "aria-current": "page" }}>
          <Icon name={icon} />
          <span>{t.app[key]}</span>
          {key === "inbox" && unread > 0 && (
            <span className="badge" data-testid="unread">
              <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
              <span className="sr-only">{t.app.unread(unread)}</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}

/** After going to another page, reading and tabbing start at its top. */
function useFocusOnArrival(): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const seen = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (path === undefined || seen.current === path) return;
    if (seen.current !== undefined) main.current?.focus({ preventScroll: true });
    seen.current = path;
  }, [path]);
  return main;
}

/** A page shows one workspace. In another one everything begins at its boards; false on the way there. */
function useArrived(me: Me | null): boolean {
  const t = useText();
  const navigate = useNavigate();
  const here = me?.workspace.id;
  const name = me?.workspace.name ?? "";
  const [shown, setShown] = useState(here);
  useEffect(() => {
    if (here === undefined || here === shown) return;
    void navigate({ to: "/boards" }).then(() => {
      setShown(here);
      announce(t.workspaces.now(name));
    });
  }, [here, shown, name, navigate, t]);
  return here === shown;
}

export function Shell() {
  const t = useText();
  const me = useMaybeMe();
  const online = useOnline();
  const navigate = useNavigate();
  const main = useFocusOnArrival();
  const [help, showHelp] = useState(false);
  const question = useQuestion();
  const arrived = useArrived(me);
  const moving = useMoving();
  const gated = useSecondFactorNeeded();

  // A question nobody is left to answer is answered: the call behind it must not wait for ever.
  useEffect(() => () => currentQuestion()?.answer(false), []);

  useEffect(() => {
    if (me) return forgetFarewell();
    queries.clear();
    void navigate({ to: farewell() ? "/goodbye" : "/sign-in" });
  }, [me, navigate]);

  useShortcuts({
    "?": () => showHelp(true),
    "g b": () => void navigate({ to: "/boards" }),
    "g p": () => void navigate({ to: "/people" }),
    "g i": () => void navigate({ to: "/inbox" }),
    "g m": () => void navigate({ to: "/mailbox" }),
    "g s": () => void navigate({ to: "/settings" }),
  });

  if (!me) return null;
  const proof = question && <Suspense><StepUpDialog question={question} /></Suspense>;
  if (gated) return <Suspense fallback={<Loading />}><Gate key={me.workspace.id} />{proof}</Suspense>;
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>{t.app.skip}</a>
      <header className="top">
        <Link to="/boards" className="brand">
          <Mark />
          <span className="brand-name">{t.app.name}</span>
          <span className="brand-workspace">{me.workspace.name}</span>
        </Link>
        <Nav className="nav" />
        <div className="top-end">
          <IconButton icon="keyboard" label={t.app.help} className="wide-only" onClick={() => showHelp(true)} aria-keyshortcuts="?" />
          <Account />
        </div>
      </header>
      {!online && <p className="strip" role="status">{t.app.offline}</p>}
      {!emailVerified(me) && <AddressBanner key={me.id} person={me} />}
      <main id="main" ref={main} tabIndex={-1} aria-busy={moving || !arrived || undefined} inert={moving} data-moving={moving || undefined}>
        {arrived ? <Outlet /> : <Loading />}
      </main>
      <Nav className="tabs-bottom" />
      {proof}
      {help && <Suspense><Help onClose={() => showHelp(false)} /></Suspense>}
    </div>
  );
}

export function NotFound() {
  const t = useText();
  return (
    <main className="lonely">
      <Mark size={40} />
      <h1>{t.app.notFound}</h1>
      <Link to="/boards" className="button" data-look="primary">{t.app.toBoards}</Link>
    </main>
  );
}
