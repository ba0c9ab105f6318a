import { describe, expect, it } from "vitest";
import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import { deadlineLabel } from "./deadline";
import { daysBetween, fromWallClock, knownZone, toWallClock, urgency } from "./time";

const at = (iso: string) => Date.parse(iso);

describe("wall clocks", () => {
  it("show an instant in a zone, and lead back to it", () => {
    for (const zone of ["Asia/Seoul", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Pacific/Chatham"]) {
      for (const iso of ["2026-11-21T09:00:00Z", "2026-07-01T23:30:00Z", "2026-01-01T00:00:00Z"]) {
        expect(fromWallClock(toWallClock(iso, zone), zone)).toBe(iso);
      }
    }
    expect(toWallClock("2026-11-21T15:00:00Z", "Asia/Seoul")).toBe("2026-11-22T00:00");
  });

  it("in the hour that does not exist mean the moment after", () => {
    expect(fromWallClock("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00Z");
  });

  it("in the hour that happens twice mean one of the two", () => {
    expect(["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]).toContain(fromWallClock("2026-10-25T02:30", "Europe/Berlin"));
  });

  it("that are no time are none", () => {
    expect(fromWallClock("tomorrow", "UTC")).toBeNull();
  });
});

describe("deadlines", () => {
  it("count midnights, not hours", () => {
    expect(daysBetween(at("2026-11-21T14:59:00Z"), at("2026-11-21T15:01:00Z"), "Asia/Seoul")).toBe(1);
    expect(daysBetween(at("2026-11-21T14:59:00Z"), at("2026-11-21T15:01:00Z"), "UTC")).toBe(0);
  });

  it("press more the nearer they are, and not at all when done", () => {
    const now = at("2026-11-21T09:00:00Z");
    const press = (iso: string, done = false) => urgency(iso, now, "UTC", done);
    expect(press("2026-11-21T08:59:00Z")).toBe("overdue");
    expect(press("2026-11-21T23:00:00Z")).toBe("today");
    expect(press("2026-11-22T23:00:00Z")).toBe("soon");
    expect(press("2026-12-22T23:00:00Z")).toBe("later");
    expect(press("2026-11-01T00:00:00Z", true)).toBe("later");
  });

  it("read as a person would say them, in both languages", () => {
    const now = at("2026-11-21T09:00:00Z");
    const label = (iso: string, language: string) =>
      deadlineLabel(iso, false, { now, zone: "Asia/Seoul", language }, language === "ko" ? ko : en).short;
    expect(label("2026-11-21T12:00:00Z", "en-GB")).toBe("Today 21:00");
    expect(label("2026-11-22T09:00:00Z", "ko")).toBe("내일");
    expect(label("2026-11-19T09:00:00Z", "ko")).toBe("2일 지남");
    expect(label("2026-11-19T09:00:00Z", "en")).toBe("2 d overdue");
    expect(label("2027-02-03T09:00:00Z", "en-GB")).toBe("3 Feb 2027");
  });
});

it("knows zones from nonsense", () => {
  expect(knownZone("Asia/Seoul")).toBe(true);
  expect(knownZone("Mars/Olympus")).toBe(false);
});
