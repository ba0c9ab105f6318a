/** Hands the browser a file to save; nothing leaves the computer. */
export function download(name: string, text: string, type = "text/plain"): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it a little later than it is asked to.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
