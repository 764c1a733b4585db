CREATE FUNCTION public.audit_entry_is_only_added_to() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'The audit is only ever added to.';
END $$;
CREATE TABLE public._prisma_migrations (
    id character varying(36) NOT NULL,
    checksum character varying(64) NOT NULL,
    finished_at timestamp with time zone,
    migration_name character varying(255) NOT NULL,
    logs text,
    rolled_back_at timestamp with time zone,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    applied_steps_count integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.account (
    id text NOT NULL COLLATE pg_catalog."C",
    account_id text NOT NULL COLLATE pg_catalog."C",
    provider_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    access_token text COLLATE pg_catalog."C",
    refresh_token text COLLATE pg_catalog."C",
    id_token text COLLATE pg_catalog."C",
    access_token_expires_at timestamp(3) with time zone,
    refresh_token_expires_at timestamp(3) with time zone,
    scope text COLLATE pg_catalog."C",
    password text COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone NOT NULL,
    updated_at timestamp(3) with time zone NOT NULL
);
CREATE TABLE public.annotation (
    prediction_id text NOT NULL COLLATE pg_catalog."C",
    case_code text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C"
);
CREATE TABLE public.api_key (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    team_id text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    start text NOT NULL COLLATE pg_catalog."C",
    scopes text NOT NULL COLLATE pg_catalog."C",
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    revoked_at timestamp(3) with time zone,
    last_used_at timestamp(3) with time zone
);
CREATE TABLE public.audit_entry (
    place bigint NOT NULL,
    at timestamp(3) with time zone NOT NULL,
    actor_kind text NOT NULL COLLATE pg_catalog."C",
    actor_id text COLLATE pg_catalog."C",
    act text NOT NULL COLLATE pg_catalog."C",
    object text COLLATE pg_catalog."C",
    object_id text COLLATE pg_catalog."C",
    model_hash text COLLATE pg_catalog."C",
    request_id text COLLATE pg_catalog."C",
    detail text COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.batch (
    id text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone NOT NULL,
    deleted_at timestamp(3) with time zone,
    file_name text NOT NULL COLLATE pg_catalog."C",
    bytes bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    problem text COLLATE pg_catalog."C",
    shape text COLLATE pg_catalog."C",
    mapping text COLLATE pg_catalog."C",
    "check" text COLLATE pg_catalog."C",
    model text COLLATE pg_catalog."C",
    backend text NOT NULL COLLATE pg_catalog."C",
    parts integer DEFAULT 0 NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    seen integer DEFAULT 0 NOT NULL,
    tally text DEFAULT '{}'::text NOT NULL COLLATE pg_catalog."C",
    seen_tally text DEFAULT '{}'::text NOT NULL COLLATE pg_catalog."C",
    worked_ms double precision DEFAULT 0 NOT NULL,
    started_at timestamp(3) with time zone,
    finished_at timestamp(3) with time zone,
    auto_start boolean DEFAULT false NOT NULL,
    event text COLLATE pg_catalog."C",
    event_due_at timestamp(3) with time zone,
    worker text COLLATE pg_catalog."C",
    work_until timestamp(3) with time zone
);
CREATE TABLE public.edit (
    id text NOT NULL COLLATE pg_catalog."C",
    prediction_id text NOT NULL COLLATE pg_catalog."C",
    at timestamp(3) with time zone NOT NULL,
    field text NOT NULL COLLATE pg_catalog."C",
    before text COLLATE pg_catalog."C",
    after text COLLATE pg_catalog."C"
);
CREATE TABLE public.failed_prediction (
    id text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone NOT NULL,
    backend text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    request_id text NOT NULL COLLATE pg_catalog."C",
    latency_ms double precision NOT NULL
);
CREATE TABLE public.import_report (
    id text NOT NULL COLLATE pg_catalog."C",
    at timestamp(3) with time zone NOT NULL,
    file_name text NOT NULL COLLATE pg_catalog."C",
    added integer NOT NULL,
    present integer NOT NULL,
    refused integer NOT NULL,
    refusals text NOT NULL COLLATE pg_catalog."C",
    differences text DEFAULT '[]'::text NOT NULL COLLATE pg_catalog."C",
    differing integer DEFAULT 0 NOT NULL,
    taken integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.invitation (
    id text NOT NULL COLLATE pg_catalog."C",
    token_hash text NOT NULL COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    team_id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    user_id text COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    used_at timestamp(3) with time zone
);
CREATE TABLE public.member (
    user_id text NOT NULL COLLATE pg_catalog."C",
    team_id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.model (
    id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    version text NOT NULL COLLATE pg_catalog."C",
    hash text COLLATE pg_catalog."C",
    threshold double precision,
    uncertain text COLLATE pg_catalog."C",
    identity text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE public.model_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.model_id_seq OWNED BY public.model.id;
CREATE TABLE public.passkey (
    id text NOT NULL COLLATE pg_catalog."C",
    name text COLLATE pg_catalog."C",
    public_key text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    credential_id text NOT NULL COLLATE pg_catalog."C",
    counter integer NOT NULL,
    device_type text NOT NULL COLLATE pg_catalog."C",
    backed_up boolean NOT NULL,
    transports text COLLATE pg_catalog."C",
    aaguid text COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone
);
CREATE TABLE public.person (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL COLLATE pg_catalog."C",
    email_verified boolean NOT NULL,
    image text COLLATE pg_catalog."C",
    two_factor_enabled boolean,
    created_at timestamp(3) with time zone NOT NULL,
    updated_at timestamp(3) with time zone NOT NULL
);
CREATE TABLE public.prediction (
    id text NOT NULL COLLATE pg_catalog."C",
    deleted_at timestamp(3) with time zone,
    radius_mean double precision NOT NULL,
    texture_mean double precision NOT NULL,
    perimeter_mean double precision NOT NULL,
    area_mean double precision NOT NULL,
    smoothness_mean double precision NOT NULL,
    compactness_mean double precision NOT NULL,
    concavity_mean double precision NOT NULL,
    concave_points_mean double precision NOT NULL,
    symmetry_mean double precision NOT NULL,
    fractal_dimension_mean double precision NOT NULL,
    radius_se double precision NOT NULL,
    texture_se double precision NOT NULL,
    perimeter_se double precision NOT NULL,
    area_se double precision NOT NULL,
    smoothness_se double precision NOT NULL,
    compactness_se double precision NOT NULL,
    concavity_se double precision NOT NULL,
    concave_points_se double precision NOT NULL,
    symmetry_se double precision NOT NULL,
    fractal_dimension_se double precision NOT NULL,
    radius_worst double precision NOT NULL,
    texture_worst double precision NOT NULL,
    perimeter_worst double precision NOT NULL,
    area_worst double precision NOT NULL,
    smoothness_worst double precision NOT NULL,
    compactness_worst double precision NOT NULL,
    concavity_worst double precision NOT NULL,
    concave_points_worst double precision NOT NULL,
    symmetry_worst double precision NOT NULL,
    fractal_dimension_worst double precision NOT NULL,
    probability double precision NOT NULL,
    created_at timestamp(3) with time zone NOT NULL,
    diagnosis text NOT NULL COLLATE pg_catalog."C",
    label text COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    model_id integer NOT NULL,
    model_version text NOT NULL COLLATE pg_catalog."C",
    backend text NOT NULL COLLATE pg_catalog."C",
    latency_ms double precision NOT NULL,
    base double precision,
    outcome text COLLATE pg_catalog."C",
    outcome_on timestamp(3) with time zone,
    idempotency_key text NOT NULL COLLATE pg_catalog."C",
    cautions text COLLATE pg_catalog."C"
);
CREATE TABLE public.prediction_detail (
    prediction_id text NOT NULL COLLATE pg_catalog."C",
    contributions text COLLATE pg_catalog."C",
    typicality text COLLATE pg_catalog."C"
);
CREATE TABLE public.rate_limit (
    key text NOT NULL COLLATE pg_catalog."C",
    points integer NOT NULL,
    expire timestamp(3) with time zone
);
CREATE TABLE public.saved_view (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    query text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone NOT NULL
);
CREATE TABLE public.session (
    id text NOT NULL COLLATE pg_catalog."C",
    token text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    team_id text COLLATE pg_catalog."C",
    expires_at timestamp(3) with time zone NOT NULL,
    ip_address text COLLATE pg_catalog."C",
    user_agent text COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone NOT NULL,
    updated_at timestamp(3) with time zone NOT NULL
);
CREATE TABLE public.setting (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.team (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone NOT NULL
);
CREATE TABLE public.two_factor (
    id text NOT NULL COLLATE pg_catalog."C",
    secret text NOT NULL COLLATE pg_catalog."C",
    backup_codes text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    verified boolean,
    failed_verification_count integer,
    locked_until timestamp(3) with time zone
);
CREATE TABLE public.verification (
    id text NOT NULL COLLATE pg_catalog."C",
    identifier text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    expires_at timestamp(3) with time zone NOT NULL,
    created_at timestamp(3) with time zone NOT NULL,
    updated_at timestamp(3) with time zone NOT NULL
);
ALTER TABLE ONLY public.model ALTER COLUMN id SET DEFAULT nextval('public.model_id_seq'::regclass);
INSERT INTO public._prisma_migrations VALUES ('9ac3a6cd-675d-4025-8c0d-19f05412a993', '170352b320842b0a39645eff7835f9b3f791bf9ebf9ce0deca429ebb0a81ceff', '2026-11-27 11:15:46.444+00', '20261126191500_rate_limit', 'The script has run.', NULL, '2026-11-27 11:15:46.44+00', 1);
INSERT INTO public._prisma_migrations VALUES ('7dc52dd5-0262-44c8-8df9-2c57be1a44a9', '7d47179abe3b42107f7891366c5d0a6dde7c6dbfea2aba3532c4cabc716142e8', '2026-11-27 11:15:46.299+00', '20261124180106_init', 'The script has run.', NULL, '2026-11-27 11:15:46.245+00', 1);
INSERT INTO public._prisma_migrations VALUES ('48b43020-d343-409b-9715-e9b8740c2af3', '84d195ff146d78c36a572755860249362b5c2a995f8fc3648705ec4f6cb488b5', '2026-11-27 11:15:46.368+00', '20261124183204_import_report', 'The script has run.', NULL, '2026-11-27 11:15:46.303+00', 1);
INSERT INTO public._prisma_migrations VALUES ('2191336e-dc65-45b8-9149-7f2b4209de68', 'af5a4277fb57968da78503e3fb9db57e71f1ba6039e70ca6f8e46417303bf470', '2026-11-27 11:15:46.375+00', '20261124183916_outcome_index', 'The script has run.', NULL, '2026-11-27 11:15:46.371+00', 1);
INSERT INTO public._prisma_migrations VALUES ('5787dec0-bccb-4db6-bc29-bf671e083529', '002db2dfa364d0b43bdf77ac72a5baa8b56edf22ca4084b6a603134ddaf23ff2', '2026-11-27 11:15:46.391+00', '20261124213542_bin_index', 'The script has run.', NULL, '2026-11-27 11:15:46.377+00', 1);
INSERT INTO public._prisma_migrations VALUES ('e7902d81-a89f-40dc-9b04-2d3dcb499aef', '41cd79fd5bc003dfb4c24e8d5653774e98d27088309df13b0ef92267711e03d5', '2026-11-27 11:15:46.396+00', '20261126002729_import_differences', 'The script has run.', NULL, '2026-11-27 11:15:46.392+00', 1);
INSERT INTO public._prisma_migrations VALUES ('95e64b33-3025-41da-9e48-f991db3a330d', '90ef507d088b8993ff36d374b2af88442c02b4cd404e8bff1fd8ca79a27438fd', '2026-11-27 11:15:46.398+00', '20261126032037_cautions', 'The script has run.', NULL, '2026-11-27 11:15:46.396+00', 1);
INSERT INTO public._prisma_migrations VALUES ('a833b1c1-e0dd-4a31-8b16-e9a003213154', '9447215701f2020dd4b8c0c545f0ecc84dc9de15aeeadf16cc6bc2660b195dc6', '2026-11-27 11:15:46.406+00', '20261126101134_batch', 'The script has run.', NULL, '2026-11-27 11:15:46.4+00', 1);
INSERT INTO public._prisma_migrations VALUES ('47402f3c-abee-4d05-ae88-353a721b9e3e', 'f7d33da5119a3e1d115f562a14b5a8401ae10c7e65259aab1f822746a73619bd', '2026-11-27 11:15:46.409+00', '20261126140000_note_table', 'The script has run.', NULL, '2026-11-27 11:15:46.407+00', 1);
INSERT INTO public._prisma_migrations VALUES ('7d4f4d40-6fcf-41e2-8043-968e476d6a0f', '5e8c6c91cc13ba1febd023e40211e7cb1a243ebd3417a597b5e7481ebd422986', '2026-11-27 11:15:46.44+00', '20261126190131_sign_in', 'The script has run.', NULL, '2026-11-27 11:15:46.41+00', 1);
INSERT INTO public.account VALUES ('01a21cb7-fcc8-73b6-9722-4e673fb86ba9', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'credential', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', NULL, NULL, NULL, NULL, NULL, NULL, '63d08d74d9f04b982c9c9a72bb869a4c:2c174a31f3cb3f3d340206e29406f18608c7b1b24e03b5cf56175a418dd8cc8840fd81f1dfd69589833d8c6a5146b6a6cc783166d00112b272582b6e3f0f6f88', '2026-11-27 11:15:49.565+00', '2026-11-27 11:15:49.565+00');
INSERT INTO public.annotation VALUES ('01a21cb8-0d06-70f0-8a09-6df4b44cecd6', 'FNA-1', NULL);
INSERT INTO public.annotation VALUES ('01a21cb8-132d-745a-b6c2-9555399cc898', 'FNA-2', NULL);
INSERT INTO public.annotation VALUES ('01a21cb8-1968-7262-81b5-0c2226f45f7b', 'FNA-3', NULL);
INSERT INTO public.annotation VALUES ('01a21cb8-1fa0-7418-a288-30a2417235b0', 'FNA-4', NULL);
INSERT INTO public.annotation VALUES ('01a21cb8-25d4-7795-9679-12226fcd598d', 'FNA-5', NULL);
INSERT INTO public.annotation VALUES ('01a21cb8-06b6-7643-914a-2e1a7569a2a1', 'FNA-0', 'edited since');
INSERT INTO public.annotation VALUES ('01a21cb8-06b6-7643-914a-2e1a7569beef', 'FNA-0', 'edited since');
INSERT INTO public.audit_entry VALUES (1, '2026-11-27 11:15:49.567+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'person_joined', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', NULL, '362ce531-3a16-40bf-9e84-702c88f58fff', '{"role":"administrator"}', '76625dbd161a2d5ebe6646a37ba4bed0d423c7719f117e96f2cc65cdacecf342');
INSERT INTO public.audit_entry VALUES (2, '2026-11-27 11:15:49.743+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'sign_in', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', NULL, 'c8d738e6-6436-4aeb-bfc7-ea8c492530c4', '{"method":"password"}', '092ec75df057c7b162c06ed3a555ecf7a9ed374b828b812c0b08c52de08765ff');
INSERT INTO public.audit_entry VALUES (3, '2026-11-27 11:15:52.119+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_saved', 'prediction', '01a21cb8-06b6-7643-914a-2e1a7569a2a1', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'f9278a34-b8f0-4a34-becc-4acff2cb3f8d', NULL, 'b963c22eda84ef570d77f100a45b6ba206696bb8c6fe58a2da17d85cdcd31b12');
INSERT INTO public.audit_entry VALUES (4, '2026-11-27 11:15:53.734+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_saved', 'prediction', '01a21cb8-0d06-70f0-8a09-6df4b44cecd6', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '6cb3d372-18f3-4b2e-9d0a-d0eabf07a251', NULL, 'ebc5004eafed14900336d94bd872cc2f938515882d934742b74d08548df81653');
INSERT INTO public.audit_entry VALUES (5, '2026-11-27 11:15:55.309+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_saved', 'prediction', '01a21cb8-132d-745a-b6c2-9555399cc898', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'd1233d8a-f0c5-4d30-9e6d-76060af27b01', NULL, '08fe2909750a0b5fb932c87fdcc70e6ddbcf99c1d4398b3ca873516eff30ac2c');
INSERT INTO public.audit_entry VALUES (6, '2026-11-27 11:15:56.904+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_saved', 'prediction', '01a21cb8-1968-7262-81b5-0c2226f45f7b', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '2ffe46a1-589c-4aee-83db-ef9082794261', NULL, 'c3932ba72ed8555c53940aa00aebf7056d514078c93e668468f9f4ab5b43b20c');
INSERT INTO public.audit_entry VALUES (7, '2026-11-27 11:15:58.496+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_saved', 'prediction', '01a21cb8-1fa0-7418-a288-30a2417235b0', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '10679918-3e4f-4dfb-9016-dcb283da4d47', NULL, '6abff85a20c0236c875e254f6306e029b37701efeb56f07d22f192cdc56e50f1');
INSERT INTO public.audit_entry VALUES (8, '2026-11-27 11:16:00.085+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_saved', 'prediction', '01a21cb8-25d4-7795-9679-12226fcd598d', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'ff12aa3a-da0f-439d-b76b-df83dbb60dd9', NULL, '0006fa72c5fa36fca7d7cd93b3649958388bee0facd6ce787c1131410cde4323');
INSERT INTO public.audit_entry VALUES (9, '2026-11-27 11:16:00.384+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_viewed', 'prediction', '01a21cb8-06b6-7643-914a-2e1a7569a2a1', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'cd9a9a50-2cab-4df3-9a64-864e3c3711cc', NULL, '44d0b3e36dea0b2cb05a450385895a7e94f9dafa650e30c19614e722d2101888');
INSERT INTO public.audit_entry VALUES (10, '2026-11-27 11:16:00.397+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_noted', 'prediction', '01a21cb8-06b6-7643-914a-2e1a7569a2a1', NULL, 'cd9a9a50-2cab-4df3-9a64-864e3c3711cc', '{"fields":["note"]}', 'eb108077348c4a169b29e2b31771374c2179a84184263998f416342557343f2d');
INSERT INTO public.audit_entry VALUES (11, '2026-11-27 11:16:00.411+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_viewed', 'prediction', '01a21cb8-06b6-7643-914a-2e1a7569a2a1', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'cd9a9a50-2cab-4df3-9a64-864e3c3711cc', NULL, 'f7f3ca0112727eef7575cfa3679ac2b47fe26fc588875a6367f6e5f307e32b91');
INSERT INTO public.audit_entry VALUES (12, '2026-11-27 11:16:00.433+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_viewed', 'prediction', '01a21cb8-06b6-7643-914a-2e1a7569a2a1', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '9d715e18-516e-4ee7-a5af-b6584f8f5498', NULL, '05489353dab2b0d6463bdeba33d596e598dad7af9f1f43264e04c496ee07b256');
INSERT INTO public.audit_entry VALUES (13, '2026-11-27 11:16:00.441+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_noted', 'prediction', '01a21cb8-06b6-7643-914a-2e1a7569a2a1', NULL, '9d715e18-516e-4ee7-a5af-b6584f8f5498', '{"fields":["note"]}', 'f1e89b797cfff692ba3fed78ad64b0e99b87d2cb4d3b66283118495c278a495e');
INSERT INTO public.audit_entry VALUES (14, '2026-11-27 11:16:00.449+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_viewed', 'prediction', '01a21cb8-06b6-7643-914a-2e1a7569a2a1', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '9d715e18-516e-4ee7-a5af-b6584f8f5498', NULL, 'ca431a57cae4fc2ebe345f6c35b42a719a1f5e4fd7fb358b777ecd86b1adf235');
INSERT INTO public.audit_entry VALUES (15, '2026-11-27 11:16:00.468+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_viewed', 'prediction', '01a21cb8-0d06-70f0-8a09-6df4b44cecd6', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '59539da1-517b-4388-9b45-be902f93262c', NULL, '05125fc1714ad115fe7b8716820c1a3a5ec2bb61a322e0e89a6aaf577a4fc517');
INSERT INTO public.audit_entry VALUES (16, '2026-11-27 11:16:00.473+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'outcome_recorded', 'prediction', '01a21cb8-0d06-70f0-8a09-6df4b44cecd6', NULL, '59539da1-517b-4388-9b45-be902f93262c', '{"isRemoved":false}', '5a97455b8224cf8e46194a8e2298051a6b7b694226f2d894d68be3937612610d');
INSERT INTO public.audit_entry VALUES (17, '2026-11-27 11:16:00.482+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_viewed', 'prediction', '01a21cb8-0d06-70f0-8a09-6df4b44cecd6', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '59539da1-517b-4388-9b45-be902f93262c', NULL, '50933507e1bd1fc7b1aba3ff5507adcf8f56dc9a82df4977a993e5b64270cd59');
INSERT INTO public.audit_entry VALUES (18, '2026-11-27 11:16:00.495+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_viewed', 'prediction', '01a21cb8-25d4-7795-9679-12226fcd598d', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'eb537e1f-c611-4607-a098-332c2204453b', NULL, 'a2e2a585bb8e017c61d7faa97d5d1c99df94ff5ba21f2ea183b920bb21185716');
INSERT INTO public.audit_entry VALUES (19, '2026-11-27 11:16:00.498+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'prediction_deleted', 'prediction', '01a21cb8-25d4-7795-9679-12226fcd598d', NULL, 'eb537e1f-c611-4607-a098-332c2204453b', NULL, 'f6f59bd14ba41f30a7f1b686777c1399226aaf6ff04a5c549dd35bc0a0185d1e');
INSERT INTO public.audit_entry VALUES (20, '2026-11-27 11:16:00.586+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'history_exported', NULL, NULL, NULL, '3f51ee08-5c40-4e0c-9ef8-93f1dd7dd642', '{"count":1,"format":"jsonl"}', '1e12f093a245e5060193681a88c3efe8efec14f59978a4dbd2143a27f58ae601');
INSERT INTO public.audit_entry VALUES (21, '2026-11-27 11:16:01.932+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'history_imported', NULL, NULL, NULL, '6da13bbc-21c9-4737-94c9-0efdc41745df', '{"added":1,"changed":0}', 'ef60783ac6aa1c008e60e7523b2f3eeeb78b1708fd52d7b259d57019fdc4e933');
INSERT INTO public.audit_entry VALUES (22, '2026-11-27 11:16:02.166+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'batch_made', 'batch', '01a21cb8-2df1-72d8-9fef-00e4e9c5c99a', NULL, 'd6bad170-1df3-425c-8517-e19edd13cc19', NULL, '3cad53033bd374df458cd944794ca4ad6a11a0ec309c0bf6ff096caaabee5564');
INSERT INTO public.audit_entry VALUES (23, '2026-11-27 11:16:02.438+00', 'system', NULL, 'batch_started', 'batch', '01a21cb8-2df1-72d8-9fef-00e4e9c5c99a', NULL, 'b4e20278-c5ee-41ca-be9b-97a952f2d419', NULL, '623dd38462e87aa82566a95809d17ff2b523747974a34d81f28ae37efff9523f');
INSERT INTO public.audit_entry VALUES (24, '2026-11-27 11:16:02.474+00', 'system', NULL, 'batch_finished', 'batch', '01a21cb8-2df1-72d8-9fef-00e4e9c5c99a', NULL, '8488f9cc-5935-46d9-9f97-6704548014ee', NULL, 'cc62e394b334b80c168d4382f6ba50a2e416544483dec9c46952576bf4e31e55');
INSERT INTO public.audit_entry VALUES (25, '2026-11-27 11:16:02.543+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'history_listed', NULL, NULL, NULL, '1f47e011-e60a-4c85-84fc-117ef4d6154c', '{"filters":["answer"]}', '1c5fc6a037658e6438618f7b9e4b7472e820532ca5e5bec62a53b545ff37591b');
INSERT INTO public.audit_entry VALUES (26, '2026-11-27 11:16:03.902+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'setting_changed', 'view', '01a21cb8-34be-772f-9c84-744ba64ba3e3', NULL, '1f1b33b1-de7a-42bf-9958-856d6c940a90', NULL, 'b7d23503e2e787d2424140f042ae9fd7b8abacb2864de492dbf103c41522c51a');
INSERT INTO public.audit_entry VALUES (27, '2026-11-27 11:16:03.929+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'history_listed', NULL, NULL, NULL, '21620407-79ef-4d5d-8554-684c47485288', '{"filters":["answer"]}', '8f634de1bcb70c75eb46ae8689c9124d278268714456b1329ab36522c1d299c1');
INSERT INTO public.audit_entry VALUES (28, '2026-11-27 11:16:05.368+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'setting_changed', 'setting', 'retention_days', NULL, 'de229e40-38de-4499-81a2-9ccc32c605f9', '{"days":3000}', '41ce40a10902640d0652f16b1f51de21ea2e21124926437182bd8b38a162c162');
INSERT INTO public.audit_entry VALUES (29, '2026-11-27 11:16:07.207+00', 'person', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'batch_rows_listed', 'batch', '01a21cb8-2df1-72d8-9fef-00e4e9c5c99a', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'f6664137-156c-4c0b-b860-fadd85d6e21c', '{"filters":[]}', '943e365c960b21e0ad4ceb1f7dedee2e8777512d4bf40ff608399420822ee635');
INSERT INTO public.batch VALUES ('01a21cb8-2df1-72d8-9fef-00e4e9c5c99a', '2026-11-27 11:16:02.166+00', NULL, 'file', 1295, 'finished', NULL, '{"format":"csv","cameAs":"CSV","hasHeader":true,"delimiter":",","columns":["radius_mean","texture_mean","perimeter_mean","area_mean","smoothness_mean","compactness_mean","concavity_mean","concave_points_mean","symmetry_mean","fractal_dimension_mean","radius_se","texture_se","perimeter_se","area_se","smoothness_se","compactness_se","concavity_se","concave_points_se","symmetry_se","fractal_dimension_se","radius_worst","texture_worst","perimeter_worst","area_worst","smoothness_worst","compactness_worst","concavity_worst","concave_points_worst","symmetry_worst","fractal_dimension_worst"],"firstRows":[["17.99","10.38","122.8","1001","0.1184","0.2776","0.3001","0.1471","0.2419","0.07871","1.095","0.9053","8.589","153.4","0.006399","0.04904","0.05373","0.01587","0.03003","0.006193","25.38","17.33","184.6","2019","0.1622","0.6656","0.7119","0.2654","0.4601","0.1189"],["8.196","16.84","51.71","201.9","0.086","0.05943","0.01588","0.005917","0.1769","0.06503","0.1563","0.9567","1.094","8.205","0.008968","0.01646","0.01588","0.005917","0.02574","0.002582","8.964","21.96","57.26","242.2","0.1297","0.1357","0.0688","0.02564","0.3105","0.07409"],["14.99","22.11","97.53","693.7","0.08515","0.1025","0.06859","0.03876","0.1944","0.05913","0.3186","1.336","2.31","28.51","0.004449","0.02808","0.03312","0.01196","0.01906","0.004015","16.76","31.55","110.2","867.1","0.1077","0.3345","0.3114","0.1308","0.3163","0.09251"],["11.76","18.14","75","431.1","0.09968","0.05914","0.02685","0.03515","0.1619","0.06287","0.645","2.105","4.138","49.11","0.005596","0.01005","0.01272","0.01432","0.01575","0.002758","13.36","23.39","85.1","553.6","0.1137","0.07974","0.0612","0.0716","0.1978","0.06915"]]}', '{"measurements":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29],"code":null,"truth":null,"decimal":"."}', '{"rows":4,"bad":0,"problems":[],"outside":[],"trainingCases":4,"truth":null,"warnings":[]}', '{"name":"quadratic-logistic-regression","version":"3.0.0","hash":"5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f","threshold":0.5,"uncertain":{"level":0.99,"from":0.062222269128013076,"to":0.8328692184234273}}', 'embedded', 1, 4, 4, 4, '{"bins":{"M":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1],"B":[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"uncertain":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},"cautions":{},"truth":{}}', '{"bins":{"M":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1],"B":[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"uncertain":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},"cautions":{},"truth":{}}', 46.19333200000074, '2026-11-27 11:16:02.437+00', '2026-11-27 11:16:02.474+00', false, NULL, NULL, NULL, NULL);
INSERT INTO public.edit VALUES ('01a21cb8-270e-751a-b569-7a13ae01bd80', '01a21cb8-06b6-7643-914a-2e1a7569a2a1', '2026-11-27 11:16:00.397+00', 'note', NULL, 'first');
INSERT INTO public.edit VALUES ('01a21cb8-2739-7420-96e3-e0dd8450cb0c', '01a21cb8-06b6-7643-914a-2e1a7569a2a1', '2026-11-27 11:16:00.441+00', 'note', 'first', 'edited since');
INSERT INTO public.edit VALUES ('01a21cb8-2759-7782-9a38-22fd7c7c5f5a', '01a21cb8-0d06-70f0-8a09-6df4b44cecd6', '2026-11-27 11:16:00.472+00', 'outcome', NULL, 'benign, confirmed on 2026-11-27');
INSERT INTO public.import_report VALUES ('01a21cb8-2d15-70fa-85b1-5cce3a047a32', '2026-11-27 11:16:01.941+00', 'rows.jsonl', 1, 0, 0, '[]', '[]', 0, 0);
INSERT INTO public.invitation VALUES ('01a21cb7-f83f-7424-8c77-da3805393ddc', '7842baab42057ebcf2a076a0929fa4e5f2500e7d66f4b63d94b3ef31cfdfbb60', NULL, 'home', 'administrator', NULL, NULL, '2026-11-27 11:15:48.415+00', '2026-11-28 11:15:48.415+00', '2026-11-27 11:15:49.565+00');
INSERT INTO public.member VALUES ('01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'home', 'administrator');
INSERT INTO public.model VALUES (1, 'quadratic-logistic-regression', '3.0.0', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 0.5, '{"level":0.99,"from":0.062222269128013076,"to":0.8328692184234273}', '["quadratic-logistic-regression","3.0.0","5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f",0.5,{"level":0.99,"from":0.062222269128013076,"to":0.8328692184234273}]');
INSERT INTO public.person VALUES ('01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'Ada Lovelace', 'ada@example.org', true, NULL, NULL, '2026-11-27 11:15:49.565+00', '2026-11-27 11:15:49.565+00');
INSERT INTO public.prediction VALUES ('01a21cb8-06b6-7643-914a-2e1a7569a2a1', NULL, 17.99, 10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4, 0.006399, 0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019, 0.1622, 0.6656, 0.7119, 0.2654, 0.4601, 0.1189, 0.9999999644351657, '2026-11-27 11:15:52.118+00', 'M', 'M', 'sample', 1, '3.0.0', 'embedded', 18.017, -1.450518289274632, NULL, NULL, '65a08e8f7b516d5e75ff1f8e3a69d2371859baec3c01134459c93e5fc69a3ad1', 'none');
INSERT INTO public.prediction VALUES ('01a21cb8-132d-745a-b6c2-9555399cc898', NULL, 14.99, 22.11, 97.53, 693.7, 0.08515, 0.1025, 0.06859, 0.03876, 0.1944, 0.05913, 0.3186, 1.336, 2.31, 28.51, 0.004449, 0.02808, 0.03312, 0.01196, 0.01906, 0.004015, 16.76, 31.55, 110.2, 867.1, 0.1077, 0.3345, 0.3114, 0.1308, 0.3163, 0.09251, 0.47526970366793786, '2026-11-27 11:15:55.309+00', 'B', 'uncertain', 'sample', 1, '3.0.0', 'embedded', 1.873, -1.450518289274632, NULL, NULL, '4846da7b3cd154f01c7752039ceedc156b4f9ea915ff9f051efd3f5cd09a04c5', 'none');
INSERT INTO public.prediction VALUES ('01a21cb8-1968-7262-81b5-0c2226f45f7b', NULL, 11.76, 18.14, 75, 431.1, 0.09968, 0.05914, 0.02685, 0.03515, 0.1619, 0.06287, 0.645, 2.105, 4.138, 49.11, 0.005596, 0.01005, 0.01272, 0.01432, 0.01575, 0.002758, 13.36, 23.39, 85.1, 553.6, 0.1137, 0.07974, 0.0612, 0.0716, 0.1978, 0.06915, 0.12766249777942146, '2026-11-27 11:15:56.904+00', 'B', 'uncertain', 'sample', 1, '3.0.0', 'embedded', 4.567, -1.450518289274632, NULL, NULL, 'e98ef830059cd4bd1d1e1f8f20ffb7e864bbde4b521ccb909675ca7805385d18', 'none');
INSERT INTO public.prediction VALUES ('01a21cb8-1fa0-7418-a288-30a2417235b0', NULL, 17.99, 10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4, 0.006399, 0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019, 0.1622, 0.6656, 0.7119, 0.2654, 0.4601, 0.1189, 0.9999999644351657, '2026-11-27 11:15:58.496+00', 'M', 'M', 'sample', 1, '3.0.0', 'embedded', 1.255, -1.450518289274632, NULL, NULL, '8f7ab6d8470549a9d17e8a7a12d7b83ebf36a69925821fb6305781f21a5b1b79', 'none');
INSERT INTO public.prediction VALUES ('01a21cb8-0d06-70f0-8a09-6df4b44cecd6', NULL, 8.196, 16.84, 51.71, 201.9, 0.086, 0.05943, 0.01588, 0.005917, 0.1769, 0.06503, 0.1563, 0.9567, 1.094, 8.205, 0.008968, 0.01646, 0.01588, 0.005917, 0.02574, 0.002582, 8.964, 21.96, 57.26, 242.2, 0.1297, 0.1357, 0.0688, 0.02564, 0.3105, 0.07409, 8.255021760816945e-10, '2026-11-27 11:15:53.734+00', 'B', 'B', 'sample', 1, '3.0.0', 'embedded', 1.767, -1.450518289274632, 'B', '2026-11-27 00:00:00+00', '5b80172b8ada55a5496ad49c6e5b689341094d96155ef3027443413ceeec12a1', 'none');
INSERT INTO public.prediction VALUES ('01a21cb8-25d4-7795-9679-12226fcd598d', '2026-11-27 11:16:00.498+00', 8.196, 16.84, 51.71, 201.9, 0.086, 0.05943, 0.01588, 0.005917, 0.1769, 0.06503, 0.1563, 0.9567, 1.094, 8.205, 0.008968, 0.01646, 0.01588, 0.005917, 0.02574, 0.002582, 8.964, 21.96, 57.26, 242.2, 0.1297, 0.1357, 0.0688, 0.02564, 0.3105, 0.07409, 8.255021760816945e-10, '2026-11-27 11:16:00.084+00', 'B', 'B', 'sample', 1, '3.0.0', 'embedded', 1.97, -1.450518289274632, NULL, NULL, '1bd92f6ae539169053eb99ce4546b87f8d0cdddbce8405aed65844e36cd3e29d', 'none');
INSERT INTO public.prediction VALUES ('01a21cb8-06b6-7643-914a-2e1a7569beef', NULL, 17.99, 10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4, 0.006399, 0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019, 0.1622, 0.6656, 0.7119, 0.2654, 0.4601, 0.1189, 0.9999999644351657, '2026-11-27 11:15:52.118+00', 'M', 'M', 'sample', 1, '3.0.0', 'embedded', 18.017, -1.450518289274632, NULL, NULL, 'imported 01a21cb8-06b6-7643-914a-2e1a7569beef', 'none');
INSERT INTO public.prediction_detail VALUES ('01a21cb8-06b6-7643-914a-2e1a7569a2a1', '[-0.4360179071412393,-1.393621637959738,0.009436717593468761,0.059042954119069076,0.26399857945019395,-3.420274807992638,2.879307573328083,6.300409830224077,0.9318420827155567,-1.0697546702602665,-0.7023150030198377,0.3002386363784833,-0.3564301226543022,7.914373572008253,-0.02597625206386615,-1.113182115636143,-0.712805351816312,0.4575630864654038,-0.15857269011717826,-1.1013866809073243,0.9427073482232039,-3.8694163104869226,1.2967370823277355,3.124510752470158,0.8779184360927774,-0.12361886770316219,3.0494973801273457,0.3993315013087233,1.0393125599901332,3.239571067198429]', '{"atypical":false,"distance":0.6226591619012772,"unusual":[],"scales":[{"key":"size","factor":1.104,"deviations":1.31},{"key":"grey","factor":0.4759,"deviations":-3.9},{"key":"se","factor":0.9439,"deviations":-0.55},{"key":"worst","factor":1.064,"deviations":2.38}]}');
INSERT INTO public.prediction_detail VALUES ('01a21cb8-0d06-70f0-8a09-6df4b44cecd6', '[0.7359041122688093,-0.06867234354451043,-0.027520537649809988,-0.17791738334790988,-0.15616634171076132,1.536494884985969,-1.8441693427058938,-4.178146095234637,0.001759950085739182,-0.12751592676331613,0.24817285353654753,0.26015408065213735,-0.28191303977249355,-5.733529873854278,0.049971629713064916,0.2960971023971428,0.1956840063783607,-0.6112358978733458,-0.22804742152603455,0.5764094315688473,-1.146153894558811,-1.2268259405868793,-1.4985313465530608,-3.4587237850300205,-0.0024448536919896855,0.23734045971369963,-1.82228614573175,-0.2135663913099334,0.2380004881818563,-1.0371333644312908]', '{"atypical":false,"distance":0.1812445075892392,"unusual":[],"scales":[{"key":"size","factor":0.87,"deviations":-1.85},{"key":"grey","factor":1.005,"deviations":0.03},{"key":"se","factor":0.9273,"deviations":-0.72},{"key":"worst","factor":0.9961,"deviations":-0.15}]}');
INSERT INTO public.prediction_detail VALUES ('01a21cb8-132d-745a-b6c2-9555399cc898', '[-0.1392588936711279,0.22977852629523643,-0.018535920188310333,0.008498080872083535,-0.060043762158929474,-0.45933948370456673,-0.16440698783137841,-0.2975637958398381,0.17321146265325246,0.18358866116208225,0.04573152976017897,-0.40038173600576465,-0.031180052929817494,-0.1394718085131746,-0.21434602289393936,-0.5408182289145888,0.025217270040745036,0.09603273523384832,-0.08585995392602826,-0.4511861937218063,0.1459665883825178,2.2652674615021384,0.17760998328009228,0.46218048790414057,-0.9593993616609517,-0.27796441455006204,0.68466209101629,-0.08315595181737763,0.42629869875924553,0.7503853115155273]', '{"atypical":false,"distance":0.1508311597097427,"unusual":[],"scales":[{"key":"size","factor":0.9919,"deviations":-0.11},{"key":"grey","factor":1.138,"deviations":0.68},{"key":"se","factor":1.085,"deviations":0.78},{"key":"worst","factor":0.9851,"deviations":-0.58}]}');
INSERT INTO public.prediction_detail VALUES ('01a21cb8-1968-7262-81b5-0c2226f45f7b', '[0.18499733408107363,-0.012909661745440436,-0.024274126422257163,-0.14660871086656102,0.09713480215166426,2.057426541435773,-1.0346914344768523,-0.6432058243463628,-0.07854352679998024,0.02840498494661976,0.15905237565109154,-0.7438130950620403,0.6856020715511006,2.5916086993944494,0.10916550622796978,1.1245641031951086,0.3637260164054875,0.45503304425556623,0.3032033528056338,0.39144688799275784,-0.16828617921206546,-0.5243500915767779,-0.3230622753516157,-0.8140112213238666,-0.6956580982054296,0.878866972287125,-2.265692646111815,-0.027550162170727317,-0.8443480828538552,-1.5544956139288346]', '{"atypical":false,"distance":0.3448751516008223,"unusual":[],"scales":[{"key":"size","factor":0.9293,"deviations":-0.97},{"key":"grey","factor":1.076,"deviations":0.39},{"key":"se","factor":1.082,"deviations":0.75},{"key":"worst","factor":0.968,"deviations":-1.26}]}');
INSERT INTO public.prediction_detail VALUES ('01a21cb8-1fa0-7418-a288-30a2417235b0', '[-0.4360179071412393,-1.393621637959738,0.009436717593468761,0.059042954119069076,0.26399857945019395,-3.420274807992638,2.879307573328083,6.300409830224077,0.9318420827155567,-1.0697546702602665,-0.7023150030198377,0.3002386363784833,-0.3564301226543022,7.914373572008253,-0.02597625206386615,-1.113182115636143,-0.712805351816312,0.4575630864654038,-0.15857269011717826,-1.1013866809073243,0.9427073482232039,-3.8694163104869226,1.2967370823277355,3.124510752470158,0.8779184360927774,-0.12361886770316219,3.0494973801273457,0.3993315013087233,1.0393125599901332,3.239571067198429]', '{"atypical":false,"distance":0.6226591619012772,"unusual":[],"scales":[{"key":"size","factor":1.104,"deviations":1.31},{"key":"grey","factor":0.4759,"deviations":-3.9},{"key":"se","factor":0.9439,"deviations":-0.55},{"key":"worst","factor":1.064,"deviations":2.38}]}');
INSERT INTO public.prediction_detail VALUES ('01a21cb8-25d4-7795-9679-12226fcd598d', '[0.7359041122688093,-0.06867234354451043,-0.027520537649809988,-0.17791738334790988,-0.15616634171076132,1.536494884985969,-1.8441693427058938,-4.178146095234637,0.001759950085739182,-0.12751592676331613,0.24817285353654753,0.26015408065213735,-0.28191303977249355,-5.733529873854278,0.049971629713064916,0.2960971023971428,0.1956840063783607,-0.6112358978733458,-0.22804742152603455,0.5764094315688473,-1.146153894558811,-1.2268259405868793,-1.4985313465530608,-3.4587237850300205,-0.0024448536919896855,0.23734045971369963,-1.82228614573175,-0.2135663913099334,0.2380004881818563,-1.0371333644312908]', '{"atypical":false,"distance":0.1812445075892392,"unusual":[],"scales":[{"key":"size","factor":0.87,"deviations":-1.85},{"key":"grey","factor":1.005,"deviations":0.03},{"key":"se","factor":0.9273,"deviations":-0.72},{"key":"worst","factor":0.9961,"deviations":-0.15}]}');
INSERT INTO public.prediction_detail VALUES ('01a21cb8-06b6-7643-914a-2e1a7569beef', '[-0.4360179071412393,-1.393621637959738,0.009436717593468761,0.059042954119069076,0.26399857945019395,-3.420274807992638,2.879307573328083,6.300409830224077,0.9318420827155567,-1.0697546702602665,-0.7023150030198377,0.3002386363784833,-0.3564301226543022,7.914373572008253,-0.02597625206386615,-1.113182115636143,-0.712805351816312,0.4575630864654038,-0.15857269011717826,-1.1013866809073243,0.9427073482232039,-3.8694163104869226,1.2967370823277355,3.124510752470158,0.8779184360927774,-0.12361886770316219,3.0494973801273457,0.3993315013087233,1.0393125599901332,3.239571067198429]', '{"atypical":false,"distance":0.6226591619012772,"unusual":[],"scales":[{"key":"size","factor":1.104,"deviations":1.31},{"key":"grey","factor":0.4759,"deviations":-3.9},{"key":"se","factor":0.9439,"deviations":-0.55},{"key":"worst","factor":1.064,"deviations":2.38}]}');
INSERT INTO public.saved_view VALUES ('01a21cb8-34be-772f-9c84-744ba64ba3e3', 'Malignant ones', 'answer=malignant&sort=-radius_mean', '2026-11-27 11:16:03.902+00');
INSERT INTO public.session VALUES ('01a21cb7-fd78-73c6-ba82-6c12da708a72', 'uZSQyjnllyo7391CaCx1OqsYCptqaRUS', '01a21cb7-fcbf-76f2-9f0d-3d7c3f522e09', 'home', '2026-11-27 19:15:49.751+00', '127.0.0.1', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.8078.108 Safari/537.36', '2026-11-27 11:15:49.735+00', '2026-11-27 11:15:49.735+00');
INSERT INTO public.setting VALUES ('table', 'wdbc aa8da92fbbab2a6c');
INSERT INTO public.setting VALUES ('retention_days', '3000');
INSERT INTO public.team VALUES ('home', 'Cytodesk', '2026-11-27 11:15:49.565+00');
SELECT pg_catalog.setval('public.model_id_seq', 2, true);
ALTER TABLE ONLY public._prisma_migrations
    ADD CONSTRAINT _prisma_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.annotation
    ADD CONSTRAINT annotation_pkey PRIMARY KEY (prediction_id);
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (place);
ALTER TABLE ONLY public.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.edit
    ADD CONSTRAINT edit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.failed_prediction
    ADD CONSTRAINT failed_prediction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.import_report
    ADD CONSTRAINT import_report_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (user_id, team_id);
ALTER TABLE ONLY public.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.prediction_detail
    ADD CONSTRAINT prediction_detail_pkey PRIMARY KEY (prediction_id);
ALTER TABLE ONLY public.prediction
    ADD CONSTRAINT prediction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rate_limit
    ADD CONSTRAINT rate_limit_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.saved_view
    ADD CONSTRAINT saved_view_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.team
    ADD CONSTRAINT team_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.two_factor
    ADD CONSTRAINT two_factor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.verification
    ADD CONSTRAINT verification_pkey PRIMARY KEY (id);
CREATE INDEX account_user_id_idx ON public.account USING btree (user_id);
CREATE INDEX annotation_case_code_idx ON public.annotation USING btree (case_code);
CREATE UNIQUE INDEX api_key_hash_key ON public.api_key USING btree (hash);
CREATE INDEX api_key_team_id_idx ON public.api_key USING btree (team_id);
CREATE INDEX batch_state_work_until_idx ON public.batch USING btree (state, work_until);
CREATE INDEX edit_prediction_id_id_idx ON public.edit USING btree (prediction_id, id);
CREATE INDEX failed_prediction_created_at_idx ON public.failed_prediction USING btree (created_at);
CREATE UNIQUE INDEX invitation_token_hash_key ON public.invitation USING btree (token_hash);
CREATE UNIQUE INDEX model_identity_key ON public.model USING btree (identity);
CREATE INDEX passkey_credential_id_idx ON public.passkey USING btree (credential_id);
CREATE INDEX passkey_user_id_idx ON public.passkey USING btree (user_id);
CREATE UNIQUE INDEX person_email_key ON public.person USING btree (email);
CREATE INDEX prediction_deleted_at_id_idx ON public.prediction USING btree (deleted_at, id);
CREATE UNIQUE INDEX prediction_idempotency_key_key ON public.prediction USING btree (idempotency_key);
CREATE INDEX prediction_outcome ON public.prediction USING btree (outcome, id, deleted_at, source, model_id, diagnosis, label, probability);
CREATE UNIQUE INDEX saved_view_name_key ON public.saved_view USING btree (name);
CREATE UNIQUE INDEX session_token_key ON public.session USING btree (token);
CREATE INDEX session_user_id_idx ON public.session USING btree (user_id);
CREATE UNIQUE INDEX team_name_key ON public.team USING btree (name);
CREATE INDEX two_factor_secret_idx ON public.two_factor USING btree (secret);
CREATE INDEX two_factor_user_id_idx ON public.two_factor USING btree (user_id);
CREATE INDEX verification_identifier_idx ON public.verification USING btree (identifier);
CREATE TRIGGER audit_entry_not_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION public.audit_entry_is_only_added_to();
ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.person(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.annotation
    ADD CONSTRAINT annotation_prediction_id_fkey FOREIGN KEY (prediction_id) REFERENCES public.prediction(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.team(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.edit
    ADD CONSTRAINT edit_prediction_id_fkey FOREIGN KEY (prediction_id) REFERENCES public.prediction(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.team(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.person(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.person(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.prediction_detail
    ADD CONSTRAINT prediction_detail_prediction_id_fkey FOREIGN KEY (prediction_id) REFERENCES public.prediction(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.prediction
    ADD CONSTRAINT prediction_model_id_fkey FOREIGN KEY (model_id) REFERENCES public.model(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.person(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.two_factor
    ADD CONSTRAINT two_factor_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.person(id) ON UPDATE CASCADE ON DELETE CASCADE;
