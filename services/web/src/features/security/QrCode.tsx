/** A QR code, drawn here: its secret is sent to nobody. Dark on light in every theme, or cameras cannot read it. */
import { useMemo } from "react";
import { encode } from "uqr";

/** The dark squares as one path, row by row. */
function path(rows: readonly (readonly boolean[])[]): string {
  return rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
}

export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = useMemo(() => encode(text, { ecc: "M", border: 4 }), [text]);
  const squares = useMemo(() => path(data), [data]);
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <path d={squares} />
    </svg>
  );
}
