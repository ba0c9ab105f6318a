import { describe, expect, it } from "vitest";
import { Problem, retryAfter } from "../api/problem";
import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import { agoLabel } from "./ago";
import { codesFile, digits, grouped, recoveryCode } from "./code";
import { tokenIn } from "./fragment";
import { linkFault } from "./link";
import { PASSWORD_PATTERN, passwordFault } from "./password";
import { secondsLeft } from "./wait";

describe("codes", () => {
  it.each([
    ["123456", "123456"], ["123 456", "123456"], [" 123-456\n", "123456"], ["１２３４５６", "123456"], ["12a3", "123"], ["12345678", "123456"], ["", ""],
  ])("of the app are their digits: %j is %j", (typed, code) => {
    expect(digits(typed)).toBe(code);
  });

  it.each([
    ["ABCDE-FGHIJ", "ABCDE-FGHIJ"], ["abcde fghij", "ABCDE-FGHIJ"], [" abcdefghij ", "ABCDE-FGHIJ"], ["ＡＢＣＤＥ－１２３４５", "ABCDE-12345"],
    ["abcde—12345", "ABCDE-12345"], ["abc", "ABC"], ["", ""],
  ])("for recovery are as they were written down: %j is %j", (typed, code) => {
    expect(recoveryCode(typed)).toBe(code);
  });

  it("are kept in a file that says what they are, one per line", () => {
    expect(codesFile("Codes", "ada@example.com", "21 Nov 2026", ["A-1", "B-2"])).toBe("Codes\r\nada@example.com\r\n21 Nov 2026\r\n\r\nA-1\r\nB-2\r\n");
  });
});

describe("a secret", () => {
  it("is read in groups of four, and the rest", () => {
    expect(grouped("JBSWY3DPEHPK3PXP")).toEqual(["JBSW", "Y3DP", "EHPK", "3PXP"]);
    expect(grouped("JBSW Y3D")).toEqual(["JBSW", "Y3D"]);
    expect(grouped("")).toEqual([]);
  });
});

describe("the link of a mail", () => {
  it.each([
    ["#token=abc-_9", "abc-_9"], ["#a=1&token=xyz", "xyz"], ["#token=a%2Bb%3D", "a+b="], ["#token=a+b", "a+b"], ["#token=%zz", "%zz"],
    ["#token=", ""], ["#abc", ""], ["#mytoken=abc", ""], ["", ""],
  ])("%j holds the token %j", (hash, token) => {
    expect(tokenIn(hash)).toBe(token);
  });

  it("says why it does not count", () => {
    const refused = (status: number, state?: string) => linkFault(new Problem({ status, code: "x", ...(state ? { state } : {}) }));
    expect(refused(409, "used")).toBe("used");
    expect(refused(409, "expired")).toBe("expired");
    expect(refused(404)).toBe("unknown");
    expect(refused(422)).toBeNull();
    expect(refused(0)).toBeNull();
    expect(linkFault(null)).toBeNull();
  });
});

describe("waiting", () => {
  it("takes as long as the service says, in seconds or until a moment", () => {
    const now = Date.parse("2026-11-21T09:00:00Z");
    expect(retryAfter("30", now)).toBe(30);
    expect(retryAfter("Sat, 21 Nov 2026 09:00:20 GMT", now)).toBe(20);
    expect(retryAfter("Sat, 21 Nov 2026 08:00:00 GMT", now)).toBeUndefined();
    for (const nothing of [null, undefined, "", "0", "soon"]) expect(retryAfter(nothing, now)).toBeUndefined();
  });

  it("counts whole seconds down to nothing", () => {
    expect([0, 1, 999, 1000, 29_001, 30_000, 99_000].map((passed) => secondsLeft(30_000, passed, 30))).toEqual([30, 30, 30, 29, 1, 0, 0]);
  });

  it("is never longer than was asked for, however late the clock was read", () => {
    expect(secondsLeft(1_000_000, 0, 5)).toBe(5);
  });
});

describe("a refused password", () => {
  it("is one that is too long, counted in characters", () => {
    const fits = (text: string) => new RegExp(`^(?:${PASSWORD_PATTERN})$`, "v").test(text);
    expect([fits("가".repeat(128)), fits("🔑".repeat(128)), fits("a".repeat(129))]).toEqual([true, true, false]);
  });

  it("is explained in the reader's language", () => {
    const fault = (message: string, reason?: string) => ({ field: "password", message, ...(reason ? { reason } : {}) });
    expect(passwordFault(fault("is among the passwords that are guessed first", "guessable"), ko)).toBe(ko.security.password.guessable);
    expect(passwordFault(fault("is not the password of this account", "wrong"), ko)).toBe(ko.security.password.wrong);
    expect(passwordFault(fault("is no good"), en)).toBe("is no good");
    expect(passwordFault(fault("is no good", "unheard of"), en)).toBe("is no good");
    expect(passwordFault(undefined, en)).toBeUndefined();
  });
});

describe("how long ago", () => {
  const now = Date.parse("2026-11-21T09:00:00Z");
  const ago = (iso: string, language = "en") => agoLabel(iso, { now, language }, language === "ko" ? ko : en);

  it("is said in the largest whole unit", () => {
    expect(ago("2026-11-21T08:55:00Z")).toBe("5 minutes ago");
    expect(ago("2026-11-21T06:01:00Z")).toBe("2 hours ago");
    expect(ago("2026-11-20T08:00:00Z")).toBe("yesterday");
    expect(ago("2026-11-01T09:00:00Z")).toBe("2 weeks ago");
    expect(ago("2024-11-01T09:00:00Z")).toBe("2 years ago");
    expect(ago("2026-11-21T08:55:00Z", "ko")).toBe("5분 전");
  });

  it("is just now when it is younger than the minute, or the clocks differ", () => {
    expect(ago("2026-11-21T08:59:30Z")).toBe("just now");
    expect(ago("2026-11-21T09:03:00Z")).toBe("just now");
    expect(ago("2026-11-21T08:59:30Z", "ko")).toBe("방금");
  });
});
