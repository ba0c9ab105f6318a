/**
 * End-to-end tests against a running Onus. `ONUS_E2E_DEMO` names the file with the address and the demo
 * sign-ins; `ONUS_E2E_URL` overrides the address. With several files, separated by commas, each worker has a house of its
 * own. The browser is the system's own Chromium.
 */
import { defineConfig } from "@playwright/test";
import { demo, houses } from "./e2e/demo";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: houses,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: demo().url,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Asia/Seoul",
    // A trace of every step costs a tenth of the time: `npm run e2e -- --trace on` writes one.
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["ONUS_CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--in-process-gpu"],
    },
  },
});
