/** Where Onus runs and who can sign in there. */
import { readFileSync } from "node:fs";

export interface Credentials {
  email: string;
  password: string;
}

export interface Demo {
  url: string;
  supervisor: Credentials;
  pic: Credentials;
  /** The newer demo files also know an admin and the demo's board. */
  admin?: Credentials;
  board?: string;
}

export function demo(): Demo {
  const file = ownOf(process.env["ONUS_E2E_DEMO"] ?? process.env["ONUS_DEMO_JSON"] ?? "../../.onus/demo.json");
  const read = JSON.parse(readFileSync(file, "utf8")) as Demo;
  return { ...read, url: (process.env["ONUS_E2E_URL"] ?? process.env["ONUS_URL"] ?? read.url).replace(/\/$/, "") };
}

/** How many houses there are: as many workers can run beside each other. */
export const houses = (process.env["ONUS_E2E_DEMO"] ?? "").split(",").length;

/** Of a list with an entry for each house, that of this worker's. */
export function ownOf(list: string): string {
  const each = list.split(",");
  return each[Number(process.env["TEST_PARALLEL_INDEX"] ?? 0)] ?? each[0] ?? "";
}
