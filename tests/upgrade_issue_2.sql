
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA identity;

CREATE SCHEMA ops;

CREATE SCHEMA published;

CREATE SCHEMA raw;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE identity.feedback (
    council text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    closed_by bigint,
    child_id text,
    comment text
);

CREATE TABLE identity.ssd_cin_episodes (
    council text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    closed_by bigint,
    cine_person_id text
);

CREATE TABLE identity.ssd_person (
    council text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    closed_by bigint,
    pers_legacy_id text,
    pers_person_id text,
    pers_upn text,
    pers_forename text,
    pers_surname text,
    pers_dob date,
    pers_single_unique_id text,
    pers_expected_dob date
);

CREATE TABLE ops.access (
    access_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    who text NOT NULL,
    report text NOT NULL,
    unit_code text,
    child_key text,
    purpose text NOT NULL
);

ALTER TABLE ops.access ALTER COLUMN access_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.access_access_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ops.delivery (
    delivery_id bigint NOT NULL,
    council text NOT NULL,
    feed text,
    file_name text NOT NULL,
    sha256 text,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    as_at date NOT NULL,
    state text NOT NULL,
    rows_read integer DEFAULT 0 NOT NULL,
    rows_inserted integer DEFAULT 0 NOT NULL,
    rows_unchanged integer DEFAULT 0 NOT NULL,
    rows_rejected integer DEFAULT 0 NOT NULL,
    rows_duplicate integer DEFAULT 0 NOT NULL,
    rows_closed integer DEFAULT 0 NOT NULL,
    is_late boolean DEFAULT false NOT NULL,
    same_as bigint,
    encoding text,
    notes jsonb DEFAULT '[]'::jsonb NOT NULL,
    rule text,
    error text,
    spec_sha256 text,
    decided_at timestamp with time zone,
    decided_by text,
    decided_why text,
    CONSTRAINT accepted_has_feed CHECK (((state <> ALL (ARRAY['loaded'::text, 'unchanged'::text])) OR ((feed IS NOT NULL) AND (sha256 IS NOT NULL)))),
    CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['loaded'::text, 'unchanged'::text, 'refused'::text, 'held'::text, 'failed'::text]))),
    CONSTRAINT rows_are_conserved CHECK ((rows_read = (((rows_inserted + rows_unchanged) + rows_rejected) + rows_duplicate)))
);

COMMENT ON TABLE ops.delivery IS 'One row a delivered file. In force: loaded or unchanged. failed: interrupted, nothing of it is loaded.';

COMMENT ON COLUMN ops.delivery.decided_at IS 'When a person accepted or refused a held delivery; null: nobody had to.';

CREATE TABLE ops.migration (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE ops.rejected_row (
    delivery_id bigint NOT NULL,
    sheet text DEFAULT ''::text NOT NULL,
    row_no integer NOT NULL,
    column_name text NOT NULL,
    rule text NOT NULL,
    reason text NOT NULL,
    further_faults jsonb DEFAULT '[]'::jsonb NOT NULL,
    row_sealed bytea NOT NULL
);

COMMENT ON TABLE ops.rejected_row IS 'One row a rejected row: its first fault, further ones, and the row itself encrypted. A reason holds no value.';

CREATE TABLE ops.release (
    release_id text NOT NULL,
    report text NOT NULL,
    council text NOT NULL,
    period text NOT NULL,
    audience text NOT NULL,
    unit text,
    as_at date NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    figures_sha256 text NOT NULL,
    deliveries jsonb NOT NULL,
    code_version text,
    path text,
    state text NOT NULL
);

CREATE TABLE ops.released_figure (
    release_id text NOT NULL,
    section text NOT NULL,
    indicator_id text NOT NULL,
    level text NOT NULL,
    unit_code text NOT NULL,
    breakdown text NOT NULL,
    category text NOT NULL,
    period_kind text NOT NULL,
    period_start date,
    period_end date,
    numerator numeric,
    denominator numeric,
    value numeric,
    status text,
    shown text
);

CREATE TABLE ops.run (
    run_id text NOT NULL,
    kind text NOT NULL,
    council text NOT NULL,
    as_at date,
    state text NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    finished_at timestamp with time zone,
    code_version text,
    details jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE raw.feedback (
    council text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    row_key text NOT NULL COLLATE pg_catalog."C",
    row_hash bytea NOT NULL,
    closed_by bigint,
    feedback_id text,
    child_id text,
    source text,
    respondent text,
    received_on date,
    team_id text,
    worker_id text,
    score bigint,
    sentiment text,
    theme text,
    stage text,
    responded_on date,
    upheld text
);

CREATE TABLE raw.ssd_assessment_factors (
    council text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    row_key text NOT NULL COLLATE pg_catalog."C",
    row_hash bytea NOT NULL,
    closed_by bigint,
    cinf_table_id text,
    cinf_assessment_id text,
    cinf_assessment_factors_json text
);

CREATE TABLE raw.ssd_cin_episodes (
    council text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    row_key text NOT NULL COLLATE pg_catalog."C",
    row_hash bytea NOT NULL,
    closed_by bigint,
    cine_referral_id text,
    cine_person_id text,
    cine_referral_date date,
    cine_cin_primary_need_code text,
    cine_referral_source_code text,
    cine_referral_source_desc text,
    cine_referral_outcome_json text,
    cine_referral_nfa text,
    cine_close_reason text,
    cine_close_date date,
    cine_referral_team text,
    cine_referral_worker_id text
);

CREATE TABLE raw.ssd_person (
    council text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    row_key text NOT NULL COLLATE pg_catalog."C",
    row_hash bytea NOT NULL,
    closed_by bigint,
    pers_person_id text,
    pers_sex text,
    pers_gender text,
    pers_ethnicity text,
    pers_dob date,
    pers_upn_unknown text,
    pers_send_flag text,
    pers_expected_dob date,
    pers_death_date date,
    pers_is_mother text,
    pers_nationality text
);

INSERT INTO identity.feedback VALUES ('barnet', 1, 2, NULL, '00001', 'said, "well" 1');
INSERT INTO identity.feedback VALUES ('barnet', 1, 3, NULL, '00002', 'said, "well" 2');
INSERT INTO identity.feedback VALUES ('barnet', 1, 4, NULL, '00003', 'said, "well" 3');
INSERT INTO identity.feedback VALUES ('barnet', 1, 5, NULL, '00004', 'said, "well" 4');
INSERT INTO identity.feedback VALUES ('barnet', 1, 6, NULL, '00005', 'said, "well" 5');

INSERT INTO identity.ssd_cin_episodes VALUES ('barnet', 3, 3, NULL, '00002');
INSERT INTO identity.ssd_cin_episodes VALUES ('barnet', 3, 4, NULL, '00003');
INSERT INTO identity.ssd_cin_episodes VALUES ('barnet', 3, 5, NULL, '00004');
INSERT INTO identity.ssd_cin_episodes VALUES ('barnet', 3, 6, NULL, '00005');
INSERT INTO identity.ssd_cin_episodes VALUES ('barnet', 3, 7, NULL, '00006');
INSERT INTO identity.ssd_cin_episodes VALUES ('barnet', 3, 8, NULL, '00007');
INSERT INTO identity.ssd_cin_episodes VALUES ('barnet', 3, 2, 7, '00001');
INSERT INTO identity.ssd_cin_episodes VALUES ('barnet', 7, 8, NULL, '00001');
INSERT INTO identity.ssd_cin_episodes VALUES ('barnet', 7, 9, NULL, '00003');

INSERT INTO identity.ssd_person VALUES ('barnet', 4, 2, NULL, NULL, '00001', 'A000000000001', 'Made1', 'Up''1', '2015-01-17', NULL, NULL);
INSERT INTO identity.ssd_person VALUES ('barnet', 4, 3, NULL, NULL, '00002', 'A000000000002', 'Made2', 'Up''2', '2015-02-17', NULL, NULL);
INSERT INTO identity.ssd_person VALUES ('barnet', 4, 4, NULL, NULL, '00003', 'A000000000003', 'Made3', 'Up''3', '2015-03-17', NULL, NULL);
INSERT INTO identity.ssd_person VALUES ('barnet', 4, 5, NULL, NULL, '00004', 'A000000000004', 'Made4', 'Up''4', '2015-04-17', NULL, NULL);
INSERT INTO identity.ssd_person VALUES ('barnet', 4, 6, NULL, NULL, '00005', 'A000000000005', 'Made5', 'Up''5', '2015-05-17', NULL, NULL);
INSERT INTO identity.ssd_person VALUES ('barnet', 4, 7, NULL, NULL, '00006', 'A000000000006', 'Made6', 'Up''6', '2015-06-17', NULL, NULL);
INSERT INTO identity.ssd_person VALUES ('barnet', 4, 8, NULL, NULL, '00007', 'A000000000007', 'Made7', 'Up''7', '2015-07-17', NULL, NULL);
INSERT INTO identity.ssd_person VALUES ('barnet', 8, 9, NULL, NULL, '00008', 'A000000000008', 'Made8', 'Up''8', '2015-08-17', NULL, NULL);

INSERT INTO ops.delivery VALUES (1, 'barnet', 'feedback', 'feedback.csv', '37ea6ab8623da1f63f17a0ed968ea1f3cc421bdf40281e8aecc534ecf1931354', '2026-11-22 09:33:11.958068+00', '2026-03-31', 'loaded', 5, 5, 0, 0, 0, 0, false, NULL, 'utf-8-sig', '[]', NULL, NULL, '1b2c05de79a0525dcec21e619a5caa069fe57b52a5fb5b154c51900e6e8df742', NULL, NULL, NULL);
INSERT INTO ops.delivery VALUES (2, 'barnet', 'ssd_assessment_factors', 'ssd_assessment_factors.csv', '4bf2943b03f3d1e5304b5fd67afd31d2981ac944a6cefa6f663dd984852b2b2e', '2026-11-22 09:33:12.037749+00', '2026-03-31', 'loaded', 4, 4, 0, 0, 0, 0, false, NULL, 'utf-8-sig', '[]', NULL, NULL, '08d73e1367c70773a071c8d8dd8669957d686b9c638164a063a9a8d5e2df293f', NULL, NULL, NULL);
INSERT INTO ops.delivery VALUES (3, 'barnet', 'ssd_cin_episodes', 'ssd_cin_episodes.csv', '8a6d052f896a012449ba2ec698defe8001266edfa7fbb0951a48b378ec8fd65b', '2026-11-22 09:33:12.116621+00', '2026-03-31', 'loaded', 9, 7, 0, 1, 1, 0, false, NULL, 'utf-8-sig', '[]', NULL, NULL, '4dcc40029094898bc8f8f7d14b94eb319f095a38ba1d13c4e262673b93b565a5', NULL, NULL, NULL);
INSERT INTO ops.delivery VALUES (4, 'barnet', 'ssd_person', 'ssd_person.csv', '997463bcae51bfb439fdbab39c48a19d2842ce38719168a4aa677de1e6347e4b', '2026-11-22 09:33:12.19938+00', '2026-03-31', 'loaded', 7, 7, 0, 0, 0, 0, false, NULL, 'utf-8-sig', '[]', NULL, NULL, '4de2dabfbd929a500aa425672c3aca9286a3b2852716e96cb2bffe4e1d5ff1c3', NULL, NULL, NULL);
INSERT INTO ops.delivery VALUES (5, 'barnet', 'feedback', 'feedback.csv', '37ea6ab8623da1f63f17a0ed968ea1f3cc421bdf40281e8aecc534ecf1931354', '2026-11-22 09:33:12.316303+00', '2026-04-30', 'unchanged', 5, 0, 5, 0, 0, 0, false, 1, 'utf-8-sig', '[]', NULL, NULL, '1b2c05de79a0525dcec21e619a5caa069fe57b52a5fb5b154c51900e6e8df742', NULL, NULL, NULL);
INSERT INTO ops.delivery VALUES (6, 'barnet', 'ssd_assessment_factors', 'ssd_assessment_factors.csv', '4bf2943b03f3d1e5304b5fd67afd31d2981ac944a6cefa6f663dd984852b2b2e', '2026-11-22 09:33:12.346233+00', '2026-04-30', 'unchanged', 4, 0, 4, 0, 0, 0, false, 2, 'utf-8-sig', '[]', NULL, NULL, '08d73e1367c70773a071c8d8dd8669957d686b9c638164a063a9a8d5e2df293f', NULL, NULL, NULL);
INSERT INTO ops.delivery VALUES (7, 'barnet', 'ssd_cin_episodes', 'ssd_cin_episodes.csv', '792ee21a8c6c9bea9e0a9d702e7962bd7b2a8ec7d24ff9ada0e757c15a1524da', '2026-11-22 09:33:12.377281+00', '2026-04-30', 'loaded', 9, 2, 6, 1, 0, 1, false, NULL, 'utf-8-sig', '[]', NULL, NULL, '4dcc40029094898bc8f8f7d14b94eb319f095a38ba1d13c4e262673b93b565a5', NULL, NULL, NULL);
INSERT INTO ops.delivery VALUES (8, 'barnet', 'ssd_person', 'ssd_person.csv', '1bed3d1c27eef12eb001e580e9783d8cd5f52f3fcf1104652eed9a8910fc7a69', '2026-11-22 09:33:12.517183+00', '2026-04-30', 'loaded', 8, 1, 7, 0, 0, 0, false, NULL, 'utf-8-sig', '[]', NULL, NULL, '4de2dabfbd929a500aa425672c3aca9286a3b2852716e96cb2bffe4e1d5ff1c3', NULL, NULL, NULL);

INSERT INTO ops.migration VALUES ('0001_ops.sql', '99f0358065634f25eb14fd586b0f2afd50e6bcff31ed8765936e9f1aaa21e141', '2026-11-22 09:33:11.700537+00');
INSERT INTO ops.migration VALUES ('0002_roles.sql', '92e23a494439a801160cd6c01693454cdd452befef0759ff493abd62171994c5', '2026-11-22 09:33:11.736473+00');
INSERT INTO ops.migration VALUES ('0003_hold.sql', 'd078c647989da0b98fe799355d2782c7d218761ed5d7ee09559f4a02e427dab6', '2026-11-22 09:33:11.753942+00');
INSERT INTO ops.migration VALUES ('feeds:5d35ccfb8f713af1', '5d35ccfb8f713af11f93f84e4b1f4aac094bdaced641f395ff12466930e7e074', '2026-11-22 09:33:11.916369+00');

INSERT INTO ops.rejected_row VALUES (3, '', 10, 'cine_referral_date', 'type', 'not written YYYY-MM-DD', '[]', '\x674141414141427241726259667232622d653469614b5843565a4d546741636a39422d327176785a5136676166696749773451306164644979635f4e694f484b467532476268635a61356b546769794853664c444c45484654726b79336b544a77726a4f484a4475386f555368455f536957314935724b707739555451747452334d38664c58424d525f6f345841454e31396744564431506b535f534a506a673431304757727a735458732d575a7566395a5f773938594f35746d4249786e56357052356b564f3359424d38575a4b4f6d697a5636313858664551764441326378486d44363261733076364872426b4a793544766b48776e557a304d704f7879675a34313559574d592d786637634a59376955376435546233334d69522d554c79536742434c576d554667317a614a4633756e675337326e6a7630572d38635a6d7a3736584d62544a376c6d4c6834746a72455051416352584c7564786445714f4335747752476d387275314f754f3456734c69416561506c433876743733746b5562796a39494553597a717a325643574464435a6e57506872544d6865686265686b4c6f4276475959466b63764e576f626e30523672767847417362346c35784652543664766b6148545166467a634f5956313378445161465a724737476570574e7855454a434b637747596f466d7136346d4933636d5871776e514c6f36664f6531455639674f4252676d345837633968697879616a72564b72694e316534507847784b676f4a476e3839356d6972774732326e683163626d48686a537752436141696472576c6b7a5f');
INSERT INTO ops.rejected_row VALUES (7, '', 10, 'cine_referral_date', 'type', 'not written YYYY-MM-DD', '[]', '\x6741414141414272417262594d7a4249654f6535376b5350745832664b6e4979397071576b4531775f644e676367616258613267645765657564594834514e77343162564d59613943324533484c74486c6f714f784c594a745a39776a2d473079436e37533634425465437a4354417573734e424376764630774a6f3876365f516f554f4d374f6a463373706c38334543755949467250626a58534d544467636164456a39346a59636e5265352d46644f74467030504c4f314e695a355755384c53473261425852547570386a3239524435736d57756e333135776750476c786a744e47545658702d724c74484267336336304a4d4551636d62427039346e42304b6c4c795a63594341713075597753496d684a64794f6a58626335794a327445644966744256714531725330614330664a596264615641392d516c4b733664594670734c557262544143435141704f50575a574465374a767a395f74727962624a6954476356542d6f437a57746565735645334742416b59726842775872584577754b59546e50314b6758726c3852423131324b7738537a57796c6b4d4d66506d5861382d77574351354e627a764d77717178386477373470694d6f326d66684966752d6a47484973744d4f62746a4d4f74447a4d38774159544b7265554a7a363371644548625473314f774c6268554b4843454a747175456b52326f64486678543766634552626b4363477166524d35722d4e6a3579554e525071566679725443436230336d6c647542365a71566a736a306e626d4d31383139337243455630564a4c7135454f336632');

INSERT INTO raw.feedback VALUES ('barnet', 1, 2, 'B1', '\xd54523ea129e5a2b4de4873e3ee4d082', NULL, 'B1', 'e275540d97b972eb56bb5ea48fa37476', 'survey', NULL, '2026-02-01', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.feedback VALUES ('barnet', 1, 3, 'B2', '\xec3f07f5e506f21053791b483d744fb3', NULL, 'B2', 'c858a7e6148150341d7334e63675563d', 'survey', NULL, '2026-02-02', NULL, NULL, 2, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.feedback VALUES ('barnet', 1, 4, 'B3', '\xf00807e6cbc91a87c9640b675ae0c880', NULL, 'B3', 'a51ce762c07baacee3227aeaf1757618', 'survey', NULL, '2026-02-03', NULL, NULL, 3, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.feedback VALUES ('barnet', 1, 5, 'B4', '\x3fa6620b10b4cc3f3ba463bece1ce4ec', NULL, 'B4', '1c609e2f869046b7840bf30881aea6c6', 'survey', NULL, '2026-02-04', NULL, NULL, 4, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.feedback VALUES ('barnet', 1, 6, 'B5', '\x0fb5fd7e68ab948bc3e400132cd12e94', NULL, 'B5', 'ff9117bd3816ebb4e5eb85bf6894bb92', 'survey', NULL, '2026-02-05', NULL, NULL, 5, NULL, NULL, NULL, NULL, NULL);

INSERT INTO raw.ssd_assessment_factors VALUES ('barnet', 2, 2, 'F1', '\x8b6b70f1782ee56150eb1f25972ae86b', NULL, 'F1', 'A1', '["2A", "4B"]');
INSERT INTO raw.ssd_assessment_factors VALUES ('barnet', 2, 3, 'F2', '\x04d72933d73a6e7f480c1e056e08867c', NULL, 'F2', 'A2', '["2A", "4B"]');
INSERT INTO raw.ssd_assessment_factors VALUES ('barnet', 2, 4, 'F3', '\xce945d10acb3b9d7f442c1368057f2e8', NULL, 'F3', 'A3', '["2A", "4B"]');
INSERT INTO raw.ssd_assessment_factors VALUES ('barnet', 2, 5, 'F4', '\xd1f426eab054ec91f3dd3aedb6f29c51', NULL, 'F4', 'A4', '["2A", "4B"]');

INSERT INTO raw.ssd_cin_episodes VALUES ('barnet', 3, 3, 'R2', '\x1d4c220dd553066c1db6f65207433e82', NULL, 'R2', 'c858a7e6148150341d7334e63675563d', '2026-01-02', 'N1', '1A', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_cin_episodes VALUES ('barnet', 3, 4, 'R3', '\x8a68d66ee57f21fbef88437efc382dd2', NULL, 'R3', 'a51ce762c07baacee3227aeaf1757618', '2026-01-03', 'N1', '1A', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_cin_episodes VALUES ('barnet', 3, 5, 'R4', '\x9f4a8ddee60ee4b05cc4a188a750a7d9', NULL, 'R4', '1c609e2f869046b7840bf30881aea6c6', '2026-01-04', 'N1', '1A', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_cin_episodes VALUES ('barnet', 3, 6, 'R5', '\x8148a7d7ee85ce31754d2c8bbb3b530d', NULL, 'R5', 'ff9117bd3816ebb4e5eb85bf6894bb92', '2026-01-05', 'N1', '1A', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_cin_episodes VALUES ('barnet', 3, 7, 'R6', '\x2c946a61c062f638a4bd912d60cf08b7', NULL, 'R6', 'fb15c4acec39bb09a3a4b85ef70b0294', '2026-01-06', 'N1', '1A', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_cin_episodes VALUES ('barnet', 3, 8, 'R7', '\x5a5df69c145e5d54b77db81bb1336803', NULL, 'R7', '77dfcb8cdf156003ecdafc3430f27ec0', '2026-01-07', 'N1', '1A', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_cin_episodes VALUES ('barnet', 3, 2, 'R1', '\x9ddf91a6c2e436ddb52987c267f3be57', 7, 'R1', 'e275540d97b972eb56bb5ea48fa37476', '2026-01-01', 'N1', '1A', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_cin_episodes VALUES ('barnet', 7, 8, 'R1', '\x5d4452083b2720713c7bb5360d95b982', NULL, 'R1', 'e275540d97b972eb56bb5ea48fa37476', '2026-01-01', 'N2', '1A', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_cin_episodes VALUES ('barnet', 7, 9, 'R20', '\xf7c1c989e8a35330d30a15146bb033e2', NULL, 'R20', 'a51ce762c07baacee3227aeaf1757618', '2026-04-02', 'N4', '2A', NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO raw.ssd_person VALUES ('barnet', 4, 2, 'e275540d97b972eb56bb5ea48fa37476', '\xe4d8860d271a20bcdc0b85b654d652e9', NULL, 'e275540d97b972eb56bb5ea48fa37476', 'F', NULL, 'WBRI', '2015-01-01', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_person VALUES ('barnet', 4, 3, 'c858a7e6148150341d7334e63675563d', '\xe06d8f4645ac2261cbc6e975b106ec71', NULL, 'c858a7e6148150341d7334e63675563d', 'F', NULL, 'WBRI', '2015-02-01', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_person VALUES ('barnet', 4, 4, 'a51ce762c07baacee3227aeaf1757618', '\x9a326824b27f4372a266ea9ed02ef483', NULL, 'a51ce762c07baacee3227aeaf1757618', 'F', NULL, 'WBRI', '2015-03-01', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_person VALUES ('barnet', 4, 5, '1c609e2f869046b7840bf30881aea6c6', '\x5be41193f5e9b67fe72064dbb3ceac9d', NULL, '1c609e2f869046b7840bf30881aea6c6', 'F', NULL, 'WBRI', '2015-04-01', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_person VALUES ('barnet', 4, 6, 'ff9117bd3816ebb4e5eb85bf6894bb92', '\xb137e54fed9b97cb525c49246600bd3f', NULL, 'ff9117bd3816ebb4e5eb85bf6894bb92', 'F', NULL, 'WBRI', '2015-05-01', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_person VALUES ('barnet', 4, 7, 'fb15c4acec39bb09a3a4b85ef70b0294', '\x043082aa05a25a1255e5bf34012a101a', NULL, 'fb15c4acec39bb09a3a4b85ef70b0294', 'F', NULL, 'WBRI', '2015-06-01', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_person VALUES ('barnet', 4, 8, '77dfcb8cdf156003ecdafc3430f27ec0', '\x6fd136a197a0ee2d0a80152949bf281d', NULL, '77dfcb8cdf156003ecdafc3430f27ec0', 'F', NULL, 'WBRI', '2015-07-01', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO raw.ssd_person VALUES ('barnet', 8, 9, 'e6fc08b424f8e30a98956139ba473597', '\xe0de5e376965c4e9d633a51e4f6bd4a8', NULL, 'e6fc08b424f8e30a98956139ba473597', 'F', NULL, 'WBRI', '2015-08-01', NULL, NULL, NULL, NULL, NULL, NULL);

SELECT pg_catalog.setval('ops.access_access_id_seq', 1, false);

ALTER TABLE ONLY identity.feedback
    ADD CONSTRAINT feedback_pkey PRIMARY KEY (delivery_id, row_no);

ALTER TABLE ONLY identity.ssd_cin_episodes
    ADD CONSTRAINT ssd_cin_episodes_pkey PRIMARY KEY (delivery_id, row_no);

ALTER TABLE ONLY identity.ssd_person
    ADD CONSTRAINT ssd_person_pkey PRIMARY KEY (delivery_id, row_no);

ALTER TABLE ONLY ops.access
    ADD CONSTRAINT access_pkey PRIMARY KEY (access_id);

ALTER TABLE ONLY ops.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (delivery_id);

ALTER TABLE ONLY ops.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY ops.rejected_row
    ADD CONSTRAINT rejected_row_pkey PRIMARY KEY (delivery_id, sheet, row_no);

ALTER TABLE ONLY ops.release
    ADD CONSTRAINT release_pkey PRIMARY KEY (release_id);

ALTER TABLE ONLY ops.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY raw.feedback
    ADD CONSTRAINT feedback_pkey PRIMARY KEY (delivery_id, row_no);

ALTER TABLE ONLY raw.ssd_assessment_factors
    ADD CONSTRAINT ssd_assessment_factors_pkey PRIMARY KEY (delivery_id, row_no);

ALTER TABLE ONLY raw.ssd_cin_episodes
    ADD CONSTRAINT ssd_cin_episodes_pkey PRIMARY KEY (delivery_id, row_no);

ALTER TABLE ONLY raw.ssd_person
    ADD CONSTRAINT ssd_person_pkey PRIMARY KEY (delivery_id, row_no);

CREATE INDEX delivery_by_feed ON ops.delivery USING btree (council, feed, as_at, delivery_id);

CREATE INDEX released_figure_by_release ON ops.released_figure USING btree (release_id);

CREATE UNIQUE INDEX feedback_in_force ON raw.feedback USING btree (row_key, council) WHERE (closed_by IS NULL);

CREATE UNIQUE INDEX ssd_assessment_factors_in_force ON raw.ssd_assessment_factors USING btree (row_key, council) WHERE (closed_by IS NULL);

CREATE UNIQUE INDEX ssd_cin_episodes_in_force ON raw.ssd_cin_episodes USING btree (row_key, council) WHERE (closed_by IS NULL);

CREATE UNIQUE INDEX ssd_person_in_force ON raw.ssd_person USING btree (row_key, council) WHERE (closed_by IS NULL);

ALTER TABLE ONLY ops.delivery
    ADD CONSTRAINT delivery_same_as_fkey FOREIGN KEY (same_as) REFERENCES ops.delivery(delivery_id);

ALTER TABLE ONLY ops.rejected_row
    ADD CONSTRAINT rejected_row_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES ops.delivery(delivery_id);

ALTER TABLE ONLY ops.released_figure
    ADD CONSTRAINT released_figure_release_id_fkey FOREIGN KEY (release_id) REFERENCES ops.release(release_id);

