/** Whether something protects the reader already: said in a word, and shown by a tick. */
import type { ReactNode } from "react";
import { Icon } from "../../ui/Icon";

export function Mark({ on, children }: { on: boolean; children: ReactNode }) {
  return (
    <span className="tag tag-state" data-on={on || undefined}>
      {on && <Icon name="check" size={14} />}
      {children}
    </span>
  );
}
