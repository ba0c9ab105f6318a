/** Build and development server. In development `/api` and `/.well-known` go to a running `onus`. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = process.env["ONUS_BACKEND"] ?? "http://localhost:8080";

/** The component library brings its few words in over thirty languages; this app speaks two. */
const twoLanguages = {
  name: "two-languages",
  load: (id: string) => {
    const locale = /react-(?:aria|stately)[^?]*\/intl\/[^?]*\/([a-z]{2}-[A-Z]{2})\.m?js/.exec(id)?.[1];
    return locale === undefined || ["en-US", "ko-KR"].includes(locale) ? null : "export default {}";
  },
};

export default defineConfig({
  plugins: [react(), twoLanguages],
  build: {
    target: "es2022",
    // The content security policy forbids inline code and data: everything stays a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    cssTarget: ["chrome123", "safari17.5", "firefox128"],
    reportCompressedSize: true,
  },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: backend, changeOrigin: false },
      "/.well-known": { target: backend, changeOrigin: false },
    },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
  },
});
