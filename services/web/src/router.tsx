/** Which page is at which address. Pages load when they are first visited. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, parseSearchWith, redirect, stringifySearchWith } from "@tanstack/react-router";
import { I18nProvider } from "react-aria-components";
import * as tasks from "./api/tasks";
import { restore } from "./api/session";
import { safePath } from "./domain/returnPath";
import { useLanguage } from "./i18n";
import { awaitOptions } from "./state/options";
import { adoptPerson } from "./state/person";
import { Failure, Loading } from "./ui/states";
import { Announcer } from "./ui/announce";
import { Toasts } from "./ui/toast";
import { NotFound, Shell } from "./pages/Shell";

const optional = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** The component library speaks the language on screen, not the browser's: the build keeps only these two. */
function Frame() {
  const locale = useLanguage() === "ko" ? "ko-KR" : "en-US";
  return (
    <I18nProvider locale={locale}>
      <Outlet />
      <Toasts />
      <Announcer />
    </I18nProvider>
  );
}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

export interface SignInSearch {
  next?: string | undefined;
  note?: "reset" | undefined;
}

/**
 * Only an address of this app may follow a sign-in, and only known words may stand above it. What is left out here
 * the router would take from the address as it is: what is refused has to be said to be nothing.
 */
const signInSearch = (search: Record<string, unknown>): SignInSearch => ({
  next: safePath(search["next"]) ?? undefined,
  note: search["note"] === "reset" ? "reset" : undefined,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  loader: awaitOptions,
  component: lazyRouteComponent(() => import("./pages/SignIn"), "SignIn"),
});
const external = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/external",
  validateSearch: (search: Record<string, unknown>): { fault?: string } => {
    const fault = optional(search["fault"]);
    return fault ? { fault } : {};
  },
  component: lazyRouteComponent(() => import("./pages/External"), "External"),
});
const signUp = createRoute({ getParentRoute: () => root, path: "/sign-up", loader: awaitOptions, component: lazyRouteComponent(() => import("./pages/SignUp"), "SignUp") });
const join = createRoute({ getParentRoute: () => root, path: "/join", component: lazyRouteComponent(() => import("./pages/Join"), "Join") });
const forgot = createRoute({ getParentRoute: () => root, path: "/forgot", component: lazyRouteComponent(() => import("./pages/Forgot"), "Forgot") });
const reset = createRoute({ getParentRoute: () => root, path: "/reset", component: lazyRouteComponent(() => import("./pages/Reset"), "Reset") });
const goodbye = createRoute({ getParentRoute: () => root, path: "/goodbye", component: lazyRouteComponent(() => import("./pages/Goodbye"), "Goodbye") });
const verify = createRoute({ getParentRoute: () => root, path: "/verify", component: lazyRouteComponent(() => import("./pages/Verify"), "Verify") });

const home = createRoute({
  getParentRoute: () => root,
  id: "home",
  component: Shell,
  beforeLoad: async ({ location }) => {
    const session = await restore();
    if (!session) throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { next: location.href } });
    adoptPerson(session.person);
  },
});

const index = createRoute({ getParentRoute: () => home, path: "/", beforeLoad: () => { throw redirect({ to: "/boards" }); } });
const boards = createRoute({ getParentRoute: () => home, path: "/boards", component: lazyRouteComponent(() => import("./pages/Boards"), "Boards") });

export interface BoardSearch {
  task?: string;
  q?: string;
  pic?: string;
}
const board = createRoute({
  getParentRoute: () => home,
  path: "/boards/$boardId",
  validateSearch: (search: Record<string, unknown>): BoardSearch => {
    const [task, q, pic] = [optional(search["task"]), optional(search["q"]), optional(search["pic"])];
    return { ...(task ? { task } : {}), ...(q ? { q } : {}), ...(pic ? { pic } : {}) };
  },
  component: lazyRouteComponent(() => import("./pages/BoardPage"), "BoardPage"),
});

/** The short address of a task leads to it on its board. */
const task = createRoute({
  getParentRoute: () => home,
  path: "/tasks/$taskId",
  beforeLoad: async ({ params }) => {
    const found = await tasks.task(params.taskId);
    throw redirect({ to: "/boards/$boardId", params: { boardId: found.board_id }, search: { task: found.id }, replace: true });
  },
});
const people = createRoute({ getParentRoute: () => home, path: "/people", component: lazyRouteComponent(() => import("./pages/People"), "People") });
/** Which entries of the security log are shown: all, or those of a kind, about a person's account. */
const securityLog = createRoute({
  getParentRoute: () => home,
  path: "/people/security",
  validateSearch: (search: Record<string, unknown>): { kind?: string; account?: string } => {
    // Older links name the person as the actor.
    const [kind, account] = [optional(search["kind"]), optional(search["account"]) ?? optional(search["actor"])];
    return { ...(kind ? { kind } : {}), ...(account ? { account } : {}) };
  },
  component: lazyRouteComponent(() => import("./pages/SecurityLog"), "SecurityLog"),
});
const inbox = createRoute({ getParentRoute: () => home, path: "/inbox", component: lazyRouteComponent(() => import("./pages/Inbox"), "Inbox") });
const mailbox = createRoute({
  getParentRoute: () => home,
  path: "/mailbox",
  validateSearch: (search: Record<string, unknown>): { mail?: string } => {
    const mail = optional(search["mail"]);
    return mail ? { mail } : {};
  },
  component: lazyRouteComponent(() => import("./pages/Mailbox"), "Mailbox"),
});
const settings = createRoute({ getParentRoute: () => home, path: "/settings", component: lazyRouteComponent(() => import("./pages/Settings"), "Settings") });
const security = createRoute({ getParentRoute: () => home, path: "/settings/security", loader: awaitOptions, component: lazyRouteComponent(() => import("./pages/Security"), "Security") });
const workspace = createRoute({ getParentRoute: () => home, path: "/settings/workspace", component: lazyRouteComponent(() => import("./pages/WorkspacePage"), "WorkspacePage") });
const ownData = createRoute({ getParentRoute: () => home, path: "/settings/data", component: lazyRouteComponent(() => import("./pages/OwnData"), "OwnData") });

export const router = createRouter({
  routeTree: root.addChildren([
    signIn, external, signUp, join, forgot, reset, verify, goodbye,
    home.addChildren([index, boards, board, task, people, securityLog, inbox, mailbox, settings, security, workspace, ownData]),
  ]),
  defaultPreload: "intent",
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
  // Search values are plain text here, never JSON: `?q=123` searches for 123.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(String),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
