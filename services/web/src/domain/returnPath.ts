/** Where one may be sent: within this app, or to a provider that is reached safely. */

/**
 * The path when it is one of this app, else null. Browsers read `\` as `/` and drop tabs and line breaks, so `/\host`
 * and `/<tab>/host` lead to another site just as `//host` does.
 */
export function safePath(to: unknown): string | null {
  if (typeof to !== "string" || !to.startsWith("/") || to.startsWith("//") || to.includes("\\")) return null;
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(to)) return null;
  const here = "https://here.invalid";
  try {
    const { origin, pathname, search, hash } = new URL(to, here);
    // Dots may have led back to two slashes.
    return origin === here && !pathname.startsWith("//") ? pathname + search + hash : null;
  } catch {
    return null;
  }
}

/** Whether the browser may leave for this address: over https, or to this computer itself. */
export function mayLeaveFor(address: string | null | undefined): address is string {
  if (!address) return false;
  try {
    const { protocol, hostname } = new URL(address);
    return protocol === "https:" || (protocol === "http:" && hostname === "localhost");
  } catch {
    return false;
  }
}
