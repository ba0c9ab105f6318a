/** A name for this device, to recognise a passkey by. */

type Named = readonly [RegExp, string];

const SYSTEMS: readonly Named[] = [
  [/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android"], [/CrOS/, "ChromeOS"], [/Windows/, "Windows"], [/Mac OS X|Macintosh/, "macOS"], [/Linux|X11/, "Linux"],
];
/** Whoever builds on another browser also says its name, so that one comes later. */
const BROWSERS: readonly Named[] = [
  [/Edg/, "Edge"], [/OPR\//, "Opera"], [/SamsungBrowser/, "Samsung Internet"], [/Firefox|FxiOS/, "Firefox"], [/Chrome|CriOS/, "Chrome"], [/Safari/, "Safari"],
];

const find = (agent: string, names: readonly Named[]): string | undefined => names.find(([pattern]) => pattern.test(agent))?.[1];

/** "Chrome · macOS", as the list of sessions says it; nothing where neither is known. */
export const deviceName = (agent: string): string => [find(agent, BROWSERS), find(agent, SYSTEMS)].filter(Boolean).join(" · ");
