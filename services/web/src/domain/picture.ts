/** Making a picture of a person from whatever photograph they have. */

/** Side in pixels: sharp at the largest size it is shown in, and a few kilobytes. */
const SIDE = 256;

/** Where to cut the largest square out of the middle. */
export const middle = (width: number, height: number) => {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side };
};

/**
 * The middle of a photograph as a small square. What the camera wrote into the file, such as where it was taken, stays
 * behind. Rejects what the browser cannot draw.
 */
export async function portrait(file: Blob): Promise<Blob> {
  const drawn = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const { x, y, side } = middle(drawn.width, drawn.height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(drawn, x, y, side, side, 0, 0, SIDE, SIDE);
  drawn.close();
  return new Promise((done, fail) => {
    // Browsers that write no WebP write PNG in its place, which does as well.
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/webp", 0.9);
  });
}
