/** A button that opens a list of actions. The list itself loads when it is first asked for. */
import { lazy, Suspense, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

export interface Action {
  id: string;
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  /** Below the label, in small. */
  note?: string;
  run: () => void;
}

/** Several of which one is the present one, under a heading, and what else can be done about them. */
export interface Choice {
  label: string;
  chosen: string;
  options: readonly Action[];
  actions: readonly Action[];
}

const load = () => import("./MenuList").then((module) => ({ default: module.MenuList }));
const MenuList = lazy(load);

interface Props {
  label: string;
  actions: Action[];
  choice?: Choice;
  trigger?: ReactNode;
  className?: string;
}

export function Menu({ label, actions, choice, trigger, className = "icon-button" }: Props) {
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
      {open && <Suspense><MenuList label={label} actions={actions} choice={choice} trigger={button} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
