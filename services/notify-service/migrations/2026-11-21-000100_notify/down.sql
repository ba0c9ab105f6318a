DROP TABLE mail;
DROP TABLE invitation_mail;
DROP TABLE carried;
DROP TABLE delivery;
DROP TABLE notification;
DROP TABLE preference;
DROP TABLE person;
