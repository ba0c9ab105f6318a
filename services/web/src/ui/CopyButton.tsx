/** Copies a text. For a moment the button says that it did; a compact one shows only its icon. */
import { useEffect, useState } from "react";
import { useText } from "../i18n";
import { announce } from "./announce";
import { Button, IconButton } from "./Button";
import { toast } from "./toast";

export function CopyButton({ text, label, compact = false }: { text: string; label: string; compact?: boolean }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce(t.security.copied);
    } catch {
      toast(t.security.copyFailed, { tone: "bad" });
    }
  };
  if (compact) return <IconButton icon={copied ? "check" : "copy"} label={label} onClick={() => void copy()} />;
  return (
    <Button icon={copied ? "check" : "copy"} onClick={() => void copy()}>
      {/* Both words keep their room, so that the button keeps its size. */}
      <span className="swap" data-second={copied || undefined}>
        <span aria-hidden={copied || undefined}>{label}</span>
        <span aria-hidden={!copied || undefined}>{t.security.copied}</span>
      </span>
    </Button>
  );
}
