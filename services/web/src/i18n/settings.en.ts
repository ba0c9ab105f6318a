/** English, for the workspace's settings, one's own data, and what a workspace may demand of its people. */

export const workspaceSettings = {
  title: "Workspace settings",
  text: "What holds for everyone in this workspace.",
  readOnly: "Only admins can change this.",
  open: "Open workspace settings",
  name: "Name",
  since: (date: string) => `Started on ${date}`,
  saved: "Name saved",
  second: "Two-step sign-in",
  secondOn: "Required",
  secondOff: "Not required",
  secondOnText: "Everyone here must have an authenticator app or a passkey, and is asked to set one up before they can go on.",
  secondOffText: "Everyone decides for themselves. Require it to protect the workspace from passwords that got out.",
  require: "Require it",
  requireTitle: "Require two-step sign-in of everyone?",
  requireText: "Whoever has neither an authenticator app nor a passkey has to set one up at once before they can go on. Nobody is removed.",
  required: "Two-step sign-in is now required",
  release: "Do not require it",
  releaseTitle: "Stop requiring two-step sign-in?",
  releaseText: "People may then sign in with their password alone. Whoever has set it up keeps it.",
  released: "Two-step sign-in is no longer required",
  ownFirst: "Set it up for yourself first: you would lock yourself out.",
  ownFirstLink: "Set up two-step sign-in",
  remove: "Delete workspace",
  removeText: "Everyone loses it at once, with all its boards, tasks and history. This cannot be undone.",
  removeAction: "Delete this workspace",
  removeTitle: (name: string) => `Delete ${name} for everyone?`,
  removeCertain: "All sessions in it end, and open invitations are withdrawn. You are signed out.",
  removeLabel: (name: string) => `Type ${name} to confirm`,
  removeOther: "This is not the name of the workspace.",
  changedMeanwhile: "Somebody else changed the settings first. They are up to date now; please try again.",
};

export const ownData = {
  title: "Your data",
  text: "Take what is kept about you with you, or have it erased.",
  open: "Open your data",
  export: "Export",
  exportText: "One file with your account, your tasks and comments, your part of the history, and your notifications.",
  start: "Export my data",
  working: (done: number, all: number, part: string) => `${done} of ${all} done. Fetching: ${part}`,
  progress: "Export",
  ready: "The export is complete. Your browser saves the file.",
  partly: (parts: string) => `Missing from the file: ${parts}. The rest was saved.`,
  nothing: "Nothing could be fetched.",
  again: "Fetch what is missing",
  part: { account: "Your account", tasks: "Tasks and comments", history: "History", notifications: "Notifications and mail" },
  erase: "Erase my account",
  eraseText: "Your name, address, passwords, passkeys and tokens are erased in every workspace. You cannot sign in again.",
  staysTitle: "What stays",
  stays: [
    "Tasks and comments stay with their workspace, under “someone” instead of your name.",
    "The history still shows that something was changed and when, but not by whom.",
    "Workspaces in which you are not the only admin go on without you.",
  ],
  eraseAction: "Erase my account",
  eraseTitle: "Erase your account for good?",
  eraseCertain: "This happens at once and cannot be undone. Export your data first if you want to keep it.",
  eraseLabel: (email: string) => `Type ${email} to confirm`,
  eraseOther: "This is not your address.",
  lastAdmin: "You are the only admin of a workspace. Make somebody else an admin there, or delete it; then you can be erased.",
};

export const gate = {
  title: (workspace: string) => `${workspace} asks for a second step`,
  text: "An admin has decided that everyone here protects their sign-in with an authenticator app or a passkey. Set one of them up to go on; it takes a minute.",
  app: "Authenticator app",
  appText: "An app on your phone shows a code that you enter after your password.",
  setUpApp: "Set up the app",
  passkey: "Passkey",
  passkeyText: "Your fingerprint, face or device PIN. The quickest way, also to sign in.",
  setUpPasskey: "Add a passkey",
  elsewhere: "Or go on elsewhere",
  to: (workspace: string) => `Go to ${workspace}`,
  through: "Thank you. You can go on.",
};

export const goodbye = {
  erased: "Your account is erased",
  erasedText: "You are signed out everywhere. The services forget your particulars within a few minutes. Thank you for working here.",
  deleted: (workspace: string) => `${workspace} is deleted`,
  deletedText: "Nobody can get in any more. If you belong to other workspaces, sign in to go on there.",
  toSignIn: "To sign-in",
};

export type WorkspaceSettingsDictionary = typeof workspaceSettings;
export type OwnDataDictionary = typeof ownData;
export type GateDictionary = typeof gate;
export type GoodbyeDictionary = typeof goodbye;
