/** A button that opens a list of actions. */
import type { ReactNode } from "react";
import { Button, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Icon, type IconName } from "./Icon";

export interface Action {
  id: string;
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  run: () => void;
}

export function Menu({ label, actions, trigger, className = "icon-button" }: { label: string; actions: Action[]; trigger?: ReactNode; className?: string }) {
  return (
    <MenuTrigger>
      <Button className={className} aria-label={label}>{trigger ?? <Icon name="more" />}</Button>
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="menu" onAction={(key) => actions.find((action) => action.id === key)?.run()}
          disabledKeys={actions.filter((action) => action.disabled).map((action) => action.id)}>
          {actions.map((action) => (
            <MenuItem key={action.id} id={action.id} className="menu-item" data-danger={action.danger || undefined} textValue={action.label}>
              {action.icon && <Icon name={action.icon} size={18} />}
              {action.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
