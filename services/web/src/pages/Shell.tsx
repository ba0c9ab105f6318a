/** The frame around every signed-in page: where to go, who you are, and the keys that work anywhere. */
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { signOut } from "../api/auth";
import { emailVerified } from "../api/identity";
import { useMaybeMe, useMe } from "../api/session";
import { dropAllDrafts } from "../domain/drafts";
import { AddressBanner } from "../features/security/AddressBanner";
import { currentQuestion, useQuestion } from "../features/security/stepUp";
import { useText } from "../i18n";
import { useOnline } from "../state/live";
import { queries, useUnread } from "../state/queries";
import { useShortcuts } from "../state/shortcuts";
import { Avatar } from "../ui/Avatar";
import { IconButton } from "../ui/Button";
import { Icon, Mark, type IconName } from "../ui/Icon";
import { Menu } from "../ui/Menu";

const StepUpDialog = lazy(() => import("../features/security/StepUpDialog").then((module) => ({ default: module.StepUpDialog })));
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

function Account() {
  const t = useText();
  const me = useMe();
  const navigate = useNavigate();
  const leave = async () => {
    dropAllDrafts();
    await signOut().catch(() => undefined);
    queries.clear();
    await navigate({ to: "/sign-in" });
  };
  return (
    <Menu
      label={t.app.account(me.name)}
      className="account"
      trigger={<Avatar person={me} />}
      actions={[
        { id: "settings", label: t.app.settings, icon: "settings", run: () => void navigate({ to: "/settings" }) },
        { id: "security", label: t.security.title, icon: "shield", run: () => void navigate({ to: "/settings/security" }) },
        { id: "leave", label: t.app.signOut, icon: "arrow", run: () => void leave() },
      ]}
    />
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

export function Shell() {
  const t = useText();
  const me = useMaybeMe();
  const online = useOnline();
  const navigate = useNavigate();
  const main = useFocusOnArrival();
  const [help, showHelp] = useState(false);
  const question = useQuestion();

  // A question nobody is left to answer is answered: the call behind it must not wait for ever.
  useEffect(() => () => currentQuestion()?.answer(false), []);

  useEffect(() => {
    if (me) return;
    queries.clear();
    void navigate({ to: "/sign-in" });
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
      <main id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <Nav className="tabs-bottom" />
      {question && <Suspense><StepUpDialog question={question} /></Suspense>}
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
