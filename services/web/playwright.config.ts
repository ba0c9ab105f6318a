/**
 * End-to-end tests against a running Onus. `ONUS_E2E_DEMO` names the file with the address and the demo
 * sign-ins; `ONUS_E2E_URL` overrides the address. The browser is the system's own Chromium.
 */
import { defineConfig } from "@playwright/test";
import { demo } from "./e2e/demo";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: 1,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: demo().url,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Asia/Seoul",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env["ONUS_CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-background-networking"],
    },
  },
});
