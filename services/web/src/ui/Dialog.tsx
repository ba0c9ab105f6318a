/** A modal question or form in the middle of the screen; on a phone it rises from the bottom. */
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useText } from "../i18n";
import { IconButton } from "./Button";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  size?: "s" | "m" | "l";
  role?: "dialog" | "alertdialog";
  /** Only its own button closes it: what it shows is not shown again. */
  locked?: boolean;
}

export function Dialog({ title, onClose, children, size = "s", role = "dialog", locked = false }: Props) {
  const t = useText();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable={!locked} isKeyboardDismissDisabled={locked} onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal" data-size={size}>
        <AriaDialog className="dialog" role={role}>
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            {!locked && <IconButton icon="close" label={t.action.close} onClick={onClose} />}
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
