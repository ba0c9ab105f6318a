/** The list a menu button opens. */
import type { RefObject } from "react";
import { Menu, MenuItem, Popover } from "react-aria-components";
import { Icon } from "./Icon";
import type { Action } from "./Menu";

interface Props {
  label: string;
  actions: readonly Action[];
  trigger: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

export function MenuList({ label, actions, trigger, onClose }: Props) {
  return (
    <Popover className="popover" aria-label={label} placement="bottom end" triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()}>
      <Menu className="menu" aria-label={label} autoFocus="first" onClose={onClose}
        onAction={(key) => actions.find((action) => action.id === key)?.run()}
        disabledKeys={actions.filter((action) => action.disabled).map((action) => action.id)}>
        {actions.map((action) => (
          <MenuItem key={action.id} id={action.id} className="menu-item" data-danger={action.danger || undefined} textValue={action.label}>
            {action.icon && <Icon name={action.icon} size={18} />}
            {action.label}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
