/** A button that opens a list of actions. The list itself loads when it is first asked for. */
import { lazy, Suspense, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

export interface Action {
  id: string;
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  run: () => void;
}

const load = () => import("./MenuList").then((module) => ({ default: module.MenuList }));
const MenuList = lazy(load);

export function Menu({ label, actions, trigger, className = "icon-button" }: { label: string; actions: Action[]; trigger?: ReactNode; className?: string }) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    setOpen(true);
  };
  return (
    <>
      <button type="button" ref={button} className={className} aria-label={label} title={label} aria-haspopup="menu" aria-expanded={open}
        onClick={() => setOpen(true)} onKeyDown={onKeyDown} onPointerEnter={() => void load()} onFocus={() => void load()}>
        {trigger ?? <Icon name="more" />}
      </button>
      {open && <Suspense><MenuList label={label} actions={actions} trigger={button} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
