import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "./problem";
import { accessToken, begin, end, me, onMove, replace, samePlace } from "./session";
import type { Me, Session } from "./types";

const person = (id: string, workspace: string): Me => ({
  id, email: "ada@example.com", name: "Ada", kind: "person", language: "en", time_zone: "UTC", role: "admin", version: 1, email_verified: true, workspace: { id: workspace, name: workspace },
  second_factor_needed: false, picture: null,
});
const session = (access_token: string, workspace: string, id = "ada"): Session => ({ access_token, token_type: "Bearer", expires_in: 300, person: person(id, workspace), second_factor_needed: false });
const refused = (status: number, code: string) => new Problem({ status, code });

const moved = vi.fn();
onMove(moved);

beforeEach(() => {
  end();
  moved.mockClear();
  vi.unstubAllGlobals();
  // One tab alone, in a browser without locks.
  vi.stubGlobal("navigator", {});
});

describe("where a session is", () => {
  it("takes the person and the workspace", () => {
    expect(samePlace(person("ada", "a"), { ...person("ada", "a"), name: "Ada L." })).toBe(true);
    expect(samePlace(person("ada", "a"), person("ada", "b"))).toBe(false);
    expect(samePlace(person("ada", "a"), person("bob", "a"))).toBe(false);
  });

  it("is told when it changes, before anything is drawn, and only then", () => {
    begin(session("1", "a"));
    begin(session("2", "a"));
    expect(moved).not.toHaveBeenCalled();
    begin(session("3", "b"));
    expect(moved).toHaveBeenCalledTimes(1);
  });
});

describe("a call that replaces the session", () => {
  it("gets the present token, and its answer is the session from then on", async () => {
    begin(session("old", "a"));
    const call = vi.fn().mockResolvedValue(session("new", "b"));
    await replace(call);
    expect(call).toHaveBeenCalledExactlyOnceWith("old");
    expect([accessToken(), me()?.workspace.id]).toEqual(["new", "b"]);
    expect(moved).toHaveBeenCalledTimes(1);
  });

  it("is made again with a fresh token when the present one is too old", async () => {
    begin(session("old", "a"));
    vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json(session("fresh", "a")))));
    const call = vi.fn().mockRejectedValueOnce(refused(401, "unauthenticated")).mockResolvedValue(session("new", "b"));
    await replace(call);
    expect(call.mock.calls).toEqual([["old"], ["fresh"]]);
    expect(accessToken()).toBe("new");
  });

  it("that is refused leaves the session as it is", async () => {
    begin(session("old", "a"));
    const problem = refused(404, "not_found");
    await expect(replace(() => Promise.reject(problem))).rejects.toBe(problem);
    expect([accessToken(), me()?.workspace.id]).toEqual(["old", "a"]);
    expect(moved).not.toHaveBeenCalled();
  });
});

describe("a refreshed session of another workspace", () => {
  it("is another tab's doing: this page is left, and nobody goes on with it", async () => {
    begin(session("old", "a"));
    const assign = vi.fn();
    vi.stubGlobal("location", { assign });
    vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json(session("other", "b")))));
    const call = vi.fn().mockRejectedValue(refused(401, "unauthenticated"));
    void replace(call);
    await vi.waitFor(() => expect(assign).toHaveBeenCalledExactlyOnceWith("/"));
    expect(call).toHaveBeenCalledTimes(1);
    expect(accessToken()).toBe("old");
  });
});
