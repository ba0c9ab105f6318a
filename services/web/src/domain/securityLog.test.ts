import { describe, expect, it } from "vitest";
import type { Workspace } from "../api/identity";
import type { AuditEntry } from "../api/types";
import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import { byDay, dayName, KINDS, knownKind, logLine } from "./securityLog";
import { present } from "./workspaces";

const entry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  actor: { id: "mina", name: "Mina" }, board_id: null, erased: false, event_id: "e1", index: 7, kind: "signed_in", stream: "security/e1", task_id: null,
  time: "2026-11-20T10:00:00Z", title: "Mina", type: "security.logged", version: 1,
  fields: [{ name: "account", before: null, after: "mina" }, { name: "device", before: null, after: "Chrome · macOS" }, { name: "place", before: null, after: "203.0.113.0/24" }],
  ...over,
});

describe("an entry of the security log", () => {
  it("says whose account, on what, from where", () => {
    expect(logLine(entry())).toMatchObject({ kind: "signed_in", check: null, account: "mina", name: "Mina", device: "Chrome · macOS", place: "203.0.113.0/24" });
  });

  it("knows the account where nobody knows who it was", () => {
    expect(logLine(entry({ kind: "sign_in_refused", actor: null }))).toMatchObject({ check: "refused", account: "mina", name: "Mina" });
    expect(logLine(entry({ kind: "token_reused", actor: null })).check).toBe("stopped");
  });

  it("with erased or missing values still is one", () => {
    const bare = entry({ actor: { id: "mina", name: null }, title: null, erased: true, fields: [{ name: "device", before: null, after: null }] });
    expect(logLine(bare)).toMatchObject({ account: "mina", name: null, device: "", place: "" });
  });

  it("of every known kind has a name and a sentence in both languages", () => {
    for (const { securityLog } of [en, ko]) {
      expect(Object.keys(securityLog.kind).sort()).toEqual([...KINDS].sort());
      // A signing key is everybody's: such a line is about nobody.
      expect(KINDS.filter((kind) => !securityLog.line[kind]("Mina").includes("Mina"))).toEqual(["key_made", "key_retired"]);
    }
    expect(knownKind("toString")).toBe(false);
  });
});

describe("days", () => {
  const at = (time: string) => ({ time });
  it("are the reader's", () => {
    const lines = ["2026-11-20T15:30:00Z", "2026-11-20T14:30:00Z", "2026-11-20T01:00:00Z"].map(at);
    expect(byDay(lines, "UTC").map((day) => day.length)).toEqual([3]);
    expect(byDay(lines, "Asia/Seoul").map((day) => day.length)).toEqual([1, 2]);
    expect(byDay([], "UTC")).toEqual([]);
  });

  it("have names", () => {
    const clock = { now: Date.parse("2026-11-21T03:00:00Z"), zone: "Asia/Seoul", language: "en-GB" };
    expect(dayName("2026-11-20T16:00:00Z", clock)).toBe("Today");
    expect(dayName("2026-11-20T14:00:00Z", clock)).toBe("Yesterday");
    expect(dayName("2026-11-18T14:00:00Z", clock)).toBe("Wednesday 18 November");
    expect(dayName("2025-11-18T14:00:00Z", clock)).toContain("2025");
    expect(dayName("2026-11-20T14:00:00Z", { ...clock, language: "ko" })).toBe("어제");
  });
});

describe("the workspaces to choose from", () => {
  const me = { workspace: { id: "a", name: "Atelier" }, role: "admin" as const };
  const of = (id: string, current: boolean): Workspace => ({ id, name: id.toUpperCase(), role: "pic", current });

  it("are at least the present one", () => {
    expect(present(undefined, me)).toEqual([{ id: "a", name: "Atelier", role: "admin", current: true }]);
    expect(present([of("b", true)], me).map(({ id, current }) => [id, current])).toEqual([["a", true], ["b", false]]);
  });

  it("begin with the present one as the session knows it, and stay in order", () => {
    expect(present([of("0", true), of("a", false), of("b", false)], me)).toEqual([{ id: "a", name: "Atelier", role: "admin", current: true }, of("0", false), of("b", false)]);
  });
});
