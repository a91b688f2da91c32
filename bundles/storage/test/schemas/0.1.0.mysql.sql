-- What storage 0.1.0 recorded on MariaDB, and a table of a bundle with data. Never edited: see releasedSchemas in bundle-api/testing.
CREATE TABLE updateTask (
    cid INTEGER NOT NULL, schemaName VARCHAR(64) NOT NULL, taskName VARCHAR(255) NOT NULL, successful SMALLINT NOT NULL,
    lastModified BIGINT NOT NULL, duration INTEGER NOT NULL, server VARCHAR(255) NOT NULL, error TEXT,
    PRIMARY KEY (cid, schemaName, taskName)) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE version (
    schemaName VARCHAR(64) NOT NULL, version INTEGER NOT NULL, locked SMALLINT NOT NULL, server VARCHAR(255) NOT NULL,
    lastModified BIGINT NOT NULL, PRIMARY KEY (schemaName)) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE counter (id INTEGER PRIMARY KEY AUTO_INCREMENT, value INTEGER NOT NULL) ENGINE=InnoDB;
INSERT INTO counter (value) VALUES (0), (4711);
INSERT INTO updateTask VALUES
    (0, 'counter', 'counter.create', 1, 1795390000000, 3, 'host1', NULL),
    (0, 'counter', 'counter.add0', 1, 1795390000005, 1, 'host1', NULL),
    (0, 'counter', 'counter.add1', 0, 1795390000009, 2, 'host1', 'it rained');
INSERT INTO version VALUES ('counter', 2, 1, 'host1', 1795390000009);
