import { describe, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import { en } from "../i18n/en";
import { deviceName } from "./device";
import { FAULTS, refusedFault, saidFault } from "./externalFault";
import { failed, fetchParts, ownDataFile, ownDataName } from "./ownData";
import { passkeyFault } from "./passkeyFault";
import { mayLeaveFor, safePath } from "./returnPath";
import { expired, SCOPES } from "./scopes";
import { ways } from "./ways";

describe("the path to return to", () => {
  it.each([
    ["/boards", "/boards"], ["/", "/"], ["/boards/1?task=2&q=a%20b#c", "/boards/1?task=2&q=a%20b#c"], ["/settings/../boards", "/boards"],
    ["/a?next=https://evil.example", "/a?next=https://evil.example"], ["/한글", "/%ED%95%9C%EA%B8%80"],
  ])("%j is one of this app", (to, path) => {
    expect(safePath(to)).toBe(path);
  });

  it.each([
    "https://evil.example", "HTTPS://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/boards\\..\\x", "/\t/evil.example", "/\n/evil.example",
    "/\u0000", "javascript:alert(1)", "boards", "", " /boards", "/.//evil.example", "/a/..//evil.example", "?next=/boards", "#", null, undefined, 7, ["/boards"],
  ])("%j is not", (to) => {
    expect(safePath(to)).toBeNull();
  });
});

describe("leaving for a provider", () => {
  it("goes over https, or stays on this computer", () => {
    for (const good of ["https://id.example/logout?x=1", "http://localhost:9411/session/end"]) expect(mayLeaveFor(good)).toBe(true);
    for (const bad of ["http://id.example", "javascript:alert(1)", "data:text/html,x", "/logout", "//id.example", "http://localhost.evil.example", "", null, undefined]) {
      expect(mayLeaveFor(bad)).toBe(false);
    }
  });
});

describe("the ways to prove who one is", () => {
  it("are those of the person, the easiest first", () => {
    expect(ways(["recovery_code", "totp", "passkey"], true)).toEqual(["passkey", "totp", "recovery_code"]);
    expect(ways(["totp", "recovery_code", "password"], true)).toEqual(["password", "totp", "recovery_code"]);
  });

  it("leave out what this browser cannot do, and what is not known", () => {
    expect(ways(["passkey", "recovery_code"], false)).toEqual(["recovery_code"]);
    expect(ways(["passkey"], false)).toEqual([]);
    expect(ways(["fingerprint", "totp"], true)).toEqual(["totp"]);
  });
});

describe("the name of a device", () => {
  const chrome = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  it.each([
    [chrome, "Chrome · macOS"],
    [`${chrome} Edg/140.0.0.0`, "Edge · macOS"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1", "Safari · iPhone"],
    ["Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome · Android"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows"],
    ["curl/8", ""],
  ])("%s", (agent, name) => {
    expect(deviceName(agent)).toBe(name);
  });
});

describe("a sign-in by a provider that failed", () => {
  const refused = (status: number, state?: string) => refusedFault(new Problem({ status, code: "x", ...(state ? { state } : {}) }));

  it("says why", () => {
    expect(refused(403, "no_account")).toBe("no_account");
    expect([refused(409, "link_first"), refused(409, "taken"), refused(409, "over")]).toEqual(["link_first", "taken", "over"]);
    expect(saidFault("denied")).toBe("denied");
  });

  it("is understood where the word is new, and not blamed on a weak network", () => {
    expect([refused(409), refused(409, "eclipsed"), refused(403)]).toEqual(["over", "over", "no_account"]);
    expect([refused(503), refused(0), refusedFault(new Error("x")), refusedFault(null)]).toEqual([null, null, null, null]);
    expect([saidFault("eclipsed"), saidFault("toString"), saidFault(undefined)]).toEqual(["provider", "provider", null]);
  });

  it("has a title and a next step for each", () => {
    expect(Object.keys(en.external.fault).sort()).toEqual([...FAULTS].sort());
    expect(Object.keys(en.external.faultText).sort()).toEqual([...FAULTS].sort());
  });
});

describe("a passkey that was not used", () => {
  const thrown = (name: string) => passkeyFault(new DOMException("x", name));
  const refused = (status: number) => passkeyFault(new Problem({ status, code: "x" }));

  it("is told by what the browser says", () => {
    expect([thrown("NotAllowedError"), thrown("InvalidStateError"), thrown("SecurityError"), thrown("NotSupportedError")]).toEqual(["cancelled", "present", "failed", "failed"]);
    // Something else took its place.
    expect(thrown("AbortError")).toBe("aborted");
  });

  it("or by what the service says; a weak network is none of its faults", () => {
    expect([refused(401), refused(404), refused(422)]).toEqual(["unknown", "unknown", "failed"]);
    expect([refused(409), refused(429), refused(503), refused(0), passkeyFault(null)]).toEqual([null, null, null, null, null]);
  });
});

describe("what is kept of a person", () => {
  const stop = new Error("declined");
  const parts = (over: Partial<Record<string, () => Promise<unknown>>> = {}) => ({
    account: () => Promise.resolve({ name: "Ada" }), tasks: () => Promise.resolve([1]), history: () => Promise.resolve([]), notifications: () => Promise.resolve(null), ...over,
  });

  it("is fetched part by part, and told as it goes", async () => {
    const report = vi.fn();
    const fetched = await fetchParts(parts(), report, () => false);
    expect(report.mock.calls).toEqual([[0, "account"], [1, "tasks"], [2, "history"], [3, "notifications"]]);
    expect(JSON.parse(ownDataFile(fetched, "ada@example.com", "2026-11-21T09:00:00Z"))).toEqual({
      product: "Onus", person: "ada@example.com", exported_at: "2026-11-21T09:00:00Z", missing: [],
      parts: { account: { name: "Ada" }, tasks: [1], history: [], notifications: null },
    });
  });

  it("without one part is still the others, and says so", async () => {
    const fetched = await fetchParts(parts({ tasks: () => Promise.reject(new Error("down")) }), () => undefined, (error) => error === stop);
    expect(failed(fetched)).toEqual(["tasks"]);
    const file = JSON.parse(ownDataFile(fetched, "ada@example.com", "now")) as { missing: string[]; parts: object };
    expect(file.missing).toEqual(["tasks"]);
    expect(Object.keys(file.parts)).toEqual(["account", "history", "notifications"]);
  });

  it("is not fetched any further when one declines the proof", async () => {
    const tasks = vi.fn();
    await expect(fetchParts(parts({ account: () => Promise.reject(stop), tasks }), () => undefined, (error) => error === stop)).rejects.toBe(stop);
    expect(tasks).not.toHaveBeenCalled();
  });

  it("has a name with the day", () => {
    expect(ownDataName("2026-11-21")).toBe("onus-2026-11-21.json");
  });
});

describe("API tokens", () => {
  it("say in both languages what each scope allows", () => {
    expect(Object.keys(en.tokens.scope).sort()).toEqual([...SCOPES].sort());
  });

  it("are over from the moment they expire", () => {
    const token = { expires_at: "2026-11-21T09:00:00Z" };
    expect([expired(token, Date.parse(token.expires_at) - 1), expired(token, Date.parse(token.expires_at))]).toEqual([false, true]);
  });
});
