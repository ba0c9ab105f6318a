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
  const file = process.env["ONUS_E2E_DEMO"] ?? process.env["ONUS_DEMO_JSON"] ?? "../../.onus/demo.json";
  const read = JSON.parse(readFileSync(file, "utf8")) as Demo;
  return { ...read, url: (process.env["ONUS_E2E_URL"] ?? process.env["ONUS_URL"] ?? read.url).replace(/\/$/, "") };
}
