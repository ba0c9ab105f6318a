/** What stands behind `#` in the links of mails: `#token=…`. */

/** The token, as it was before it became part of a link; none when the fragment holds something else. */
export function tokenIn(hash: string): string {
  const token = /[#&]token=([^&]*)/.exec(hash)?.[1]?.trim() ?? "";
  try {
    return decodeURIComponent(token);
  } catch {
    // Not an encoding of anything: the service shall say what it thinks of it.
    return token;
  }
}
