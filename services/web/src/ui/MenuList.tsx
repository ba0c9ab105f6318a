/** The list a menu button opens. */
import type { RefObject } from "react";
import { Header, Menu, MenuItem, MenuSection, Popover, Separator } from "react-aria-components";
import { Icon } from "./Icon";
import type { Action, Choice } from "./Menu";

interface Props {
  label: string;
  actions: readonly Action[];
  choice?: Choice | undefined;
  trigger: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

function Item({ action, checkable = false }: { action: Action; checkable?: boolean }) {
  return (
    <MenuItem id={action.id} className="menu-item" data-danger={action.danger || undefined} textValue={action.label}>
      {action.icon && <Icon name={action.icon} size={18} />}
      {checkable ? (
        <>
          <span className="menu-text">
            <span className="menu-label">{action.label}</span>
            {action.note && <small>{action.note}</small>}
          </span>
          <span className="menu-check"><Icon name="check" size={16} /></span>
        </>
      ) : (
        action.label
      )}
    </MenuItem>
  );
}

export function MenuList({ label, actions, choice, trigger, onClose }: Props) {
  const everything = [...(choice?.options ?? []), ...(choice?.actions ?? []), ...actions];
  return (
    <Popover className="popover" aria-label={label} placement="bottom end" triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()}>
      <Menu className="menu" aria-label={label} autoFocus="first" onClose={onClose}
        onAction={(key) => everything.find((action) => action.id === key)?.run()}
        disabledKeys={everything.filter((action) => action.disabled).map((action) => action.id)}>
        {choice && (
          <MenuSection selectionMode="single" selectedKeys={[choice.chosen]} disallowEmptySelection>
            <Header className="menu-head">{choice.label}</Header>
            {choice.options.map((option) => <Item key={option.id} action={option} checkable />)}
          </MenuSection>
        )}
        {choice?.actions.map((action) => <Item key={action.id} action={action} />)}
        {choice && <Separator className="menu-line" />}
        {actions.map((action) => <Item key={action.id} action={action} />)}
      </Menu>
    </Popover>
  );
}
