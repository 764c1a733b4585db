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
INSERT INTO public._prisma_migrations VALUES ('605b3f9b-95ff-4a29-af96-64a95c5661f6', '170352b320842b0a39645eff7835f9b3f791bf9ebf9ce0deca429ebb0a81ceff', '2026-11-27 02:06:46.934+00', '20261126191500_rate_limit', 'The script has run.', NULL, '2026-11-27 02:06:46.931+00', 1);
INSERT INTO public._prisma_migrations VALUES ('349aa9e8-b0a0-4929-b91a-026abb150c49', '7d47179abe3b42107f7891366c5d0a6dde7c6dbfea2aba3532c4cabc716142e8', '2026-11-27 02:06:46.876+00', '20261124180106_init', 'The script has run.', NULL, '2026-11-27 02:06:46.854+00', 1);
INSERT INTO public._prisma_migrations VALUES ('9146dc18-a566-4e31-866f-800e77c1fe02', '84d195ff146d78c36a572755860249362b5c2a995f8fc3648705ec4f6cb488b5', '2026-11-27 02:06:46.88+00', '20261124183204_import_report', 'The script has run.', NULL, '2026-11-27 02:06:46.877+00', 1);
INSERT INTO public._prisma_migrations VALUES ('accc792b-0ba8-4562-9106-9e91d503d66b', 'af5a4277fb57968da78503e3fb9db57e71f1ba6039e70ca6f8e46417303bf470', '2026-11-27 02:06:46.885+00', '20261124183916_outcome_index', 'The script has run.', NULL, '2026-11-27 02:06:46.881+00', 1);
INSERT INTO public._prisma_migrations VALUES ('31e0c718-41ea-49eb-9b6a-a09183c226dc', '002db2dfa364d0b43bdf77ac72a5baa8b56edf22ca4084b6a603134ddaf23ff2', '2026-11-27 02:06:46.889+00', '20261124213542_bin_index', 'The script has run.', NULL, '2026-11-27 02:06:46.886+00', 1);
INSERT INTO public._prisma_migrations VALUES ('e43fdc6d-3b0e-4188-92b1-9bcbfc4205a4', '41cd79fd5bc003dfb4c24e8d5653774e98d27088309df13b0ef92267711e03d5', '2026-11-27 02:06:46.892+00', '20261126002729_import_differences', 'The script has run.', NULL, '2026-11-27 02:06:46.89+00', 1);
INSERT INTO public._prisma_migrations VALUES ('dc524d57-8322-451d-8881-7299d813dbb0', '90ef507d088b8993ff36d374b2af88442c02b4cd404e8bff1fd8ca79a27438fd', '2026-11-27 02:06:46.895+00', '20261126032037_cautions', 'The script has run.', NULL, '2026-11-27 02:06:46.893+00', 1);
INSERT INTO public._prisma_migrations VALUES ('96ec90b9-be9e-45d4-adf6-f7f1e5d5478f', '9447215701f2020dd4b8c0c545f0ecc84dc9de15aeeadf16cc6bc2660b195dc6', '2026-11-27 02:06:46.9+00', '20261126101134_batch', 'The script has run.', NULL, '2026-11-27 02:06:46.896+00', 1);
INSERT INTO public._prisma_migrations VALUES ('5a8b5899-733d-4edc-92af-a6a72cfab35f', 'f7d33da5119a3e1d115f562a14b5a8401ae10c7e65259aab1f822746a73619bd', '2026-11-27 02:06:46.903+00', '20261126140000_note_table', 'The script has run.', NULL, '2026-11-27 02:06:46.901+00', 1);
INSERT INTO public._prisma_migrations VALUES ('2c4ca6d0-79cc-4022-99aa-27225bb46a7f', '2f2478b1aaefd8a8373d517c52fc35e7331c3d3d2152e3fc86bee16352969436', '2026-11-27 02:06:46.93+00', '20261126190131_sign_in', 'The script has run.', NULL, '2026-11-27 02:06:46.904+00', 1);
INSERT INTO public.account VALUES ('01a21ac1-5977-709f-b09f-6ddd835aed6e', '01a21ac1-5977-709f-b09f-68970f585471', 'credential', '01a21ac1-5977-709f-b09f-68970f585471', NULL, NULL, NULL, NULL, NULL, NULL, '235f17cba7a0edccc2e9f52a7c400d8f:f6f9f0de5821f1732d8a52f80b328fffb08ae13d6ce21f6385962517d0ad8467b125ed5b6d07798bf0fb3bcd09d465e5ec0793058312bb8e7fffb4c39f9d5154', '2026-11-27 02:06:48.693+00', '2026-11-27 02:06:48.693+00');
INSERT INTO public.annotation VALUES ('01a21ac1-5ae4-75db-a242-14d08ddd5d72', 'FNA-3', NULL);
INSERT INTO public.annotation VALUES ('01a21ac1-5af2-7142-833a-260fa575b448', 'FNA-4', NULL);
INSERT INTO public.annotation VALUES ('01a21ac1-5ab4-77b6-99ef-ede4d24f6398', 'FNA-1b', 'Second text');
INSERT INTO public.annotation VALUES ('01a21ac1-5ae4-7045-8147-f88ac780ad65', 'FNA-3', NULL);
INSERT INTO public.annotation VALUES ('01a21ac1-86fd-74ca-9fed-3b1bfda13a0e', 'B-1', NULL);
INSERT INTO public.audit_entry VALUES (1, '2026-11-27 02:06:49.012+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_saved', 'prediction', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'ff7799f1-1909-4f67-bc69-8d97eebfd456', NULL, '4100c348ef6316c0fe4b2ab4036a8cb487ce2eb9953c962a2cc504f8b7f7a35d');
INSERT INTO public.audit_entry VALUES (2, '2026-11-27 02:06:49.042+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_saved', 'prediction', '01a21ac1-5ad2-7307-a014-2b0fd967edf2', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'db250b8a-6d18-43a3-8b46-40be718b7f43', NULL, '0dae4d0f3a37520d2eeffe841c32af48c22f6e5fccc6a5b24209250157120231');
INSERT INTO public.audit_entry VALUES (3, '2026-11-27 02:06:49.06+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_saved', 'prediction', '01a21ac1-5ae4-75db-a242-14d08ddd5d72', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'bf7dabe8-0444-485e-94a2-655d4a433843', NULL, 'c8e1e25400cf847e9f6178b991433052b314170adf616ec94d047fe5f71d7056');
INSERT INTO public.audit_entry VALUES (4, '2026-11-27 02:06:49.074+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_saved', 'prediction', '01a21ac1-5af2-7142-833a-260fa575b448', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '720579d7-8d77-45df-93bb-998071f494f1', NULL, 'f47efd15648e233d191e587dcd616f6a961f5d7de5508c80d2124b296a5d3eaf');
INSERT INTO public.audit_entry VALUES (5, '2026-11-27 02:06:49.09+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_saved', 'prediction', '01a21ac1-5b01-747d-83ee-ec6a0a57978a', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '8f7bf756-7e26-4d2b-bfbd-401cea2ac822', NULL, 'c08888a589ea51498ab439b95d66f989bd7b883d53fb87de2bcb8ca1ab327451');
INSERT INTO public.audit_entry VALUES (6, '2026-11-27 02:06:49.14+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_noted', 'prediction', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', NULL, '31d60d04-954a-4846-a84f-83d730a66b4a', '{"fields":["note"]}', '5dd48d347c62b460e44caed22aff34f317ac671d93304e57defce4309b665bf7');
INSERT INTO public.audit_entry VALUES (7, '2026-11-27 02:06:49.168+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_viewed', 'prediction', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '31d60d04-954a-4846-a84f-83d730a66b4a', NULL, 'fc657f52d93dcfdde4bca401822dee81b042fbfb0247e8771df300f680dd1b23');
INSERT INTO public.audit_entry VALUES (8, '2026-11-27 02:06:49.314+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_noted', 'prediction', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', NULL, '4c87315f-98dd-4ea4-ae29-08b7fb8bd06e', '{"fields":["case code","note"]}', '4ad92d421b2bfa29ef9fa5e45c5fd7a2ff6953387239d882e01d5c0efb7b5bc1');
INSERT INTO public.audit_entry VALUES (9, '2026-11-27 02:06:49.336+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_viewed', 'prediction', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '4c87315f-98dd-4ea4-ae29-08b7fb8bd06e', NULL, '22dad718d354b4b12319c1c8ba52251fe633be2a8373f6ecd648c4d39b005600');
INSERT INTO public.audit_entry VALUES (10, '2026-11-27 02:06:49.417+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'outcome_recorded', 'prediction', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', NULL, '58927939-3c70-494e-b1dc-7c2f01a87b47', '{"isRemoved":false}', '68006dc06404bad4adc7a3c3ee8b5114b0e5f996c976704d3e555f9177f59279');
INSERT INTO public.audit_entry VALUES (11, '2026-11-27 02:06:49.432+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_viewed', 'prediction', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '58927939-3c70-494e-b1dc-7c2f01a87b47', NULL, '6834d37c0f015a32e183279e78520fedb020ec010892f76addc84a4f4993074f');
INSERT INTO public.audit_entry VALUES (12, '2026-11-27 02:06:49.504+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'outcome_recorded', 'prediction', '01a21ac1-5ad2-7307-a014-2b0fd967edf2', NULL, 'ae120357-4f57-46ae-8756-0874777cd679', '{"isRemoved":false}', '8631cab6df2fdad98e18c5be7c9d11846dbad1bc81d3eae80436780320f69d7f');
INSERT INTO public.audit_entry VALUES (13, '2026-11-27 02:06:49.518+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_viewed', 'prediction', '01a21ac1-5ad2-7307-a014-2b0fd967edf2', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'ae120357-4f57-46ae-8756-0874777cd679', NULL, 'e1d0fd9e439326ae66594843f0b848876783255df95e9e18e79602c106b0d32f');
INSERT INTO public.audit_entry VALUES (14, '2026-11-27 02:06:49.588+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_deleted', 'prediction', '01a21ac1-5af2-7142-833a-260fa575b448', NULL, '9021023c-0c75-4065-9659-84e11d91ce8c', NULL, 'fa8af01208772fc15896d63b3d970a906fda7256b17269d2cd52cf692e64ed18');
INSERT INTO public.audit_entry VALUES (15, '2026-11-27 02:06:49.608+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'history_listed', NULL, NULL, NULL, '218f21c1-3609-4399-88f0-f758cccbe62d', '{"filters":[]}', '43772d1e2ad32ce4678e759e2757aa2608d14622bdfe8d39de6975c7bc2351b4');
INSERT INTO public.audit_entry VALUES (16, '2026-11-27 02:06:49.695+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'setting_changed', 'view', '01a21ac1-5d5e-718c-a0fc-70db4d03bf91', NULL, 'ec3dad76-11bc-497f-b511-9350187a4fb4', NULL, '1734545dd29b7e070913ad0d8be0e9fbabef4b13a1e48f9082bd3a2be7362cc2');
INSERT INTO public.audit_entry VALUES (17, '2026-11-27 02:06:49.708+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'history_listed', NULL, NULL, NULL, '8c94774c-c6f2-47b5-92a0-30c1e30a7961', '{"filters":["radius_mean"]}', '7127fd8e2d8eb9d1ddaeafe1c6cbe0832f58f73dcd924df69d6db4ddaab360d6');
INSERT INTO public.audit_entry VALUES (18, '2026-11-27 02:06:49.756+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'setting_changed', 'setting', 'retention_days', NULL, 'b15899ed-710c-4baf-ac11-05fac535861e', '{"days":3000}', '03fb67d640946bbc123cc23b71912ee5d609e95e0e8a6cd24e7bc407000866ed');
INSERT INTO public.audit_entry VALUES (19, '2026-11-27 02:06:49.849+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'history_exported', NULL, NULL, NULL, 'f7b491e0-0c6f-4df0-90ad-6140ae12eb1a', '{"count":1,"format":"jsonl"}', 'c158d1ebbb046980823231e763dfac093eff03be507156fc8a439da2c6fbd500');
INSERT INTO public.audit_entry VALUES (20, '2026-11-27 02:06:50.096+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'history_imported', NULL, NULL, NULL, 'f737009e-7ab0-41f2-99d8-5024a7f0e82f', '{"added":1,"changed":0}', '77663648b158d0d113668f9ec0807d52c0ff3e8bac7598a1a2f91069d4984cc3');
INSERT INTO public.audit_entry VALUES (21, '2026-11-27 02:06:50.127+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'batch_made', 'batch', '01a21ac1-5f0a-73f1-acd8-f5042ee2aadc', NULL, '859a139a-9345-45db-92d7-fc73741a45ee', NULL, '06e2783501f6c88de59791bc5cf75191a446da4ab70c98e364eeb11e0fe6e185');
INSERT INTO public.audit_entry VALUES (22, '2026-11-27 02:06:54.157+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'batch_started', 'batch', '01a21ac1-5f0a-73f1-acd8-f5042ee2aadc', NULL, 'e2208ee4-24b6-4244-9b81-e8231fcca4ba', NULL, 'e7aed091c8b92ace15ea312010eb086417306faeedfee7758d218da8d1b94fe2');
INSERT INTO public.audit_entry VALUES (23, '2026-11-27 02:07:00.349+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'prediction_saved', 'prediction', '01a21ac1-86fd-74ca-9fed-3b1bfda13a0e', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 'd4871d4d-5804-4043-b106-99a7d8614647', NULL, '59ed983e711c1386de0285289e3317ab9033a4d4b2ce2a8dc8e8bf7b711d0480');
INSERT INTO public.audit_entry VALUES (24, '2026-11-27 02:07:00.369+00', 'person', '01a21ac1-5977-709f-b09f-68970f585471', 'batch_rows_listed', 'batch', '01a21ac1-5f0a-73f1-acd8-f5042ee2aadc', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', '0ca3ee66-d419-44cd-bb17-2fac6c25f513', '{"filters":[]}', '5f869c6f3cf5a5e9e6565f8e9bc04d91841715c6756085132230b3c7123097b0');
INSERT INTO public.batch VALUES ('01a21ac1-5f0a-73f1-acd8-f5042ee2aadc', '2026-11-27 02:06:50.126+00', NULL, 'kept.csv', 1715, 'finished', NULL, '{"format":"csv","cameAs":"CSV","hasHeader":true,"delimiter":",","columns":["case","radius_mean","texture_mean","perimeter_mean","area_mean","smoothness_mean","compactness_mean","concavity_mean","concave_points_mean","symmetry_mean","fractal_dimension_mean","radius_se","texture_se","perimeter_se","area_se","smoothness_se","compactness_se","concavity_se","concave_points_se","symmetry_se","fractal_dimension_se","radius_worst","texture_worst","perimeter_worst","area_worst","smoothness_worst","compactness_worst","concavity_worst","concave_points_worst","symmetry_worst","fractal_dimension_worst"],"firstRows":[["B-0","13.61","24.98","88.05","582.7","0.09488","0.08511","0.08625","0.04489","0.1609","0.05871","0.4565","1.29","2.861","43.14","0.005872","0.01488","0.02647","0.009921","0.01465","0.002355","16.99","35.27","108.6","906.5","0.1265","0.1943","0.3169","0.1184","0.2651","0.07397"],["B-1","6.981","13.43","43.79","143.5","0.117","0.07568","0","0","0.193","0.07818","0.2241","1.508","1.553","9.833","0.01019","0.01084","0","0","0.02659","0.0041","7.93","19.54","50.41","185.2","0.1584","0.1202","0","0","0.2932","0.09382"],["B-2","12.18","20.52","77.22","458.7","0.08013","0.04038","0.02383","0.0177","0.1739","0.05677","0.1924","1.571","1.183","14.68","0.00508","0.006098","0.01069","0.006797","0.01447","0.001532","13.34","32.84","84.58","547.8","0.1123","0.08862","0.1145","0.07431","0.2694","0.06878"],["B-3","9.876","19.4","63.95","298.3","0.1005","0.09697","0.06154","0.03029","0.1945","0.06322","0.1803","1.222","1.528","11.77","0.009058","0.02196","0.03029","0.01112","0.01609","0.00357","10.76","26.83","72.22","361.2","0.1559","0.2302","0.2644","0.09749","0.2622","0.0849"],["B-4","10.49","19.29","67.41","336.1","0.09989","0.08578","0.02995","0.01201","0.2217","0.06481","0.355","1.534","2.302","23.13","0.007595","0.02219","0.0288","0.008614","0.0271","0.003451","11.54","23.31","74.22","402.8","0.1219","0.1486","0.07987","0.03203","0.2826","0.07552"],["B-5","13.11","15.56","87.21","530.2","0.1398","0.1765","0.2071","0.09601","0.1925","0.07692","0.3908","0.9238","2.41","34.66","0.007162","0.02912","0.05473","0.01388","0.01547","0.007098","16.31","22.4","106.4","827.2","0.1862","0.4099","0.6376","0.1986","0.3147","0.1405"]]}', '{"measurements":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30],"code":0,"truth":null,"decimal":"."}', '{"rows":6,"bad":0,"problems":[],"outside":[],"trainingCases":6,"truth":null,"warnings":[]}', '{"name":"quadratic-logistic-regression","version":"3.0.0","hash":"5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f","threshold":0.5,"uncertain":{"level":0.99,"from":0.062222269128013076,"to":0.8328692184234273}}', 'embedded', 1, 6, 6, 6, '{"bins":{"M":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,1],"B":[3,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},"cautions":{},"truth":{}}', '{"bins":{"M":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,1],"B":[3,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},"cautions":{},"truth":{}}', 326.61803300000065, '2026-11-27 02:06:54.157+00', '2026-11-27 02:06:54.509+00', false, NULL, NULL, NULL, NULL);
INSERT INTO public.edit VALUES ('01a21ac1-5b35-75c6-8f4a-4153c17620b7', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', '2026-11-27 02:06:49.14+00', 'note', NULL, 'Two passes, “good” cells; see B');
INSERT INTO public.edit VALUES ('01a21ac1-5be2-72ba-b0a9-1ea27bd1c7f6', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', '2026-11-27 02:06:49.314+00', 'case code', 'FNA-1', 'FNA-1b');
INSERT INTO public.edit VALUES ('01a21ac1-5be2-72ba-b0a9-21eb4b7ff7b0', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', '2026-11-27 02:06:49.314+00', 'note', 'Two passes, “good” cells; see B', 'Second text');
INSERT INTO public.edit VALUES ('01a21ac1-5c49-71e8-940a-208bad11aa63', '01a21ac1-5ab4-77b6-99ef-ede4d24f6398', '2026-11-27 02:06:49.416+00', 'outcome', NULL, 'malignant, confirmed on 2026-11-20');
INSERT INTO public.edit VALUES ('01a21ac1-5ca0-702e-9fe9-9fa20d3f0ef0', '01a21ac1-5ad2-7307-a014-2b0fd967edf2', '2026-11-27 02:06:49.503+00', 'outcome', NULL, 'malignant, confirmed on 2026-11-21');
INSERT INTO public.import_report VALUES ('01a21ac1-5ef6-72d0-a194-833e8f7e413b', '2026-11-27 02:06:50.102+00', 'kept.jsonl', 1, 0, 1, '[{"line":2,"reason":"The line is not JSON."}]', '[]', 0, 0);
INSERT INTO public.invitation VALUES ('01a21ac1-57da-74a1-895c-8f504ed657c1', 'be15482370440298f8cac341f0956007d331818ed11716445fea84178d0b60f2', NULL, 'home', 'administrator', NULL, NULL, '2026-11-27 02:06:48.282+00', '2026-11-28 02:06:48.282+00', '2026-11-27 02:06:48.693+00');
INSERT INTO public.member VALUES ('01a21ac1-5977-709f-b09f-68970f585471', 'home', 'administrator');
INSERT INTO public.model VALUES (1, 'quadratic-logistic-regression', '3.0.0', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 0.5, '{"level":0.99,"from":0.062222269128013076,"to":0.8328692184234273}', '["quadratic-logistic-regression","3.0.0","5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f",0.5,{"level":0.99,"from":0.062222269128013076,"to":0.8328692184234273}]');
INSERT INTO public.person VALUES ('01a21ac1-5977-709f-b09f-68970f585471', 'Ada Lovelace', 'ada@example.org', true, NULL, NULL, '2026-11-27 02:06:48.693+00', '2026-11-27 02:06:48.693+00');
INSERT INTO public.prediction VALUES ('01a21ac1-5ae4-75db-a242-14d08ddd5d72', NULL, 40, 17.77, 132.9, 1326, 0.08474, 0.07864, 0.0869, 0.07017, 0.1812, 0.05667, 0.5435, 0.7339, 3.398, 74.08, 0.005225, 0.01308, 0.0186, 0.0134, 0.01389, 0.003532, 24.99, 23.41, 158.8, 1956, 0.1238, 0.1866, 0.2416, 0.186, 0.275, 0.08902, 0.9999936014348898, '2026-11-27 02:06:49.06+00', 'M', 'uncertain', 'form', 1, '3.0.0', 'embedded', 1.698, -1.450518289274632, NULL, NULL, '8880af2452597dca74955baedad71ac1714cee483010eb83c45552e72b952a44', 'scale_size atypical');
INSERT INTO public.prediction VALUES ('01a21ac1-5b01-747d-83ee-ec6a0a57978a', NULL, 19.53, 18.9, 129.5, 1217, 0.115, 0.1642, 0.2197, 0.1062, 0.1792, 0.06552, 1.111, 1.161, 7.237, 133, 0.006056, 0.03203, 0.05638, 0.01733, 0.01884, 0.004787, 25.93, 26.24, 171.1, 2053, 0.1495, 0.4116, 0.6121, 0.198, 0.2968, 0.09929, 0.9999999934271466, '2026-11-27 02:06:49.089+00', 'M', 'M', 'form', 1, '3.0.0', 'embedded', 1.546, -1.450518289274632, NULL, NULL, '481762797af59a219fd0a980de5446a1a01f3f54cba113532b5ac73094b79237', 'none');
INSERT INTO public.prediction VALUES ('01a21ac1-5ab4-77b6-99ef-ede4d24f6398', NULL, 17.99, 10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4, 0.006399, 0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019, 0.1622, 0.6656, 0.7119, 0.2654, 0.4601, 0.1189, 0.9999999644351657, '2026-11-27 02:06:49.012+00', 'M', 'M', 'sample', 1, '3.0.0', 'embedded', 8.401, -1.450518289274632, 'M', '2026-11-20 00:00:00+00', '55fa880b09c1f781bd3c6ffa06de0ea1afbeeb13b7c7dec9bc946485412b0776', 'none');
INSERT INTO public.prediction VALUES ('01a21ac1-5ad2-7307-a014-2b0fd967edf2', NULL, 13.54, 14.36, 87.46, 566.3, 0.09779, 0.08129, 0.06664, 0.04781, 0.1885, 0.05766, 0.2699, 0.7886, 2.058, 23.56, 0.008462, 0.0146, 0.02387, 0.01315, 0.0198, 0.0023, 15.11, 19.26, 99.7, 711.2, 0.144, 0.1773, 0.239, 0.1288, 0.2977, 0.07259, 0.022596819336903887, '2026-11-27 02:06:49.042+00', 'B', 'B', 'form', 1, '3.0.0', 'embedded', 1.416, -1.450518289274632, 'M', '2026-11-21 00:00:00+00', '8dbbf338b3b13c3c76f0678f6b9e1e2b85d05f6ccb9245b37a6374f61f7f12f4', 'none');
INSERT INTO public.prediction VALUES ('01a21ac1-5af2-7142-833a-260fa575b448', '2026-11-27 02:06:49.588+00', 18.05, 16.15, 120.2, 1006, 0.1065, 0.2146, 0.1684, 0.108, 0.2152, 0.06673, 0.9806, 0.5505, 6.311, 134.8, 0.00794, 0.05839, 0.04658, 0.0207, 0.02591, 0.007054, 22.39, 18.91, 150.1, 1610, 0.1478, 0.5634, 0.3786, 0.2102, 0.3751, 0.1108, 0.999998144607294, '2026-11-27 02:06:49.074+00', 'M', 'M', 'form', 1, '3.0.0', 'embedded', 1.032, -1.450518289274632, NULL, NULL, '26d9c282f4fc07b2992e4fad3ef144374cf88bc15e6655b575270de8fca921f0', 'none');
INSERT INTO public.prediction VALUES ('01a21ac1-5ae4-7045-8147-f88ac780ad65', NULL, 40, 17.77, 132.9, 1326, 0.08474, 0.07864, 0.0869, 0.07017, 0.1812, 0.05667, 0.5435, 0.7339, 3.398, 74.08, 0.005225, 0.01308, 0.0186, 0.0134, 0.01389, 0.003532, 24.99, 23.41, 158.8, 1956, 0.1238, 0.1866, 0.2416, 0.186, 0.275, 0.08902, 0.9999936014348898, '2026-11-27 02:06:49.06+00', 'M', 'uncertain', 'form', 1, '3.0.0', 'embedded', 1.698, -1.450518289274632, NULL, NULL, 'imported 0190c8a0-1111-7000-8000-00000000abcd', 'scale_size atypical');
INSERT INTO public.prediction VALUES ('01a21ac1-86fd-74ca-9fed-3b1bfda13a0e', NULL, 6.981, 13.43, 43.79, 143.5, 0.117, 0.07568, 0, 0, 0.193, 0.07818, 0.2241, 1.508, 1.553, 9.833, 0.01019, 0.01084, 0, 0, 0.02659, 0.0041, 7.93, 19.54, 50.41, 185.2, 0.1584, 0.1202, 0, 0, 0.2932, 0.09382, 4.701713981355127e-11, '2026-11-27 02:07:00.349+00', 'B', 'B', 'batch', 1, '3.0.0', 'embedded', 1.169, -1.450518289274632, NULL, NULL, 'batch 01a21ac1-5f0a-73f1-acd8-f5042ee2aadc 2', 'none');
INSERT INTO public.prediction_detail VALUES ('01a21ac1-5ab4-77b6-99ef-ede4d24f6398', '[-0.4360179071412393,-1.393621637959738,0.009436717593468761,0.059042954119069076,0.26399857945019395,-3.420274807992638,2.879307573328083,6.300409830224077,0.9318420827155567,-1.0697546702602665,-0.7023150030198377,0.3002386363784833,-0.3564301226543022,7.914373572008253,-0.02597625206386615,-1.113182115636143,-0.712805351816312,0.4575630864654038,-0.15857269011717826,-1.1013866809073243,0.9427073482232039,-3.8694163104869226,1.2967370823277355,3.124510752470158,0.8779184360927774,-0.12361886770316219,3.0494973801273457,0.3993315013087233,1.0393125599901332,3.239571067198429]', '{"atypical":false,"distance":0.6226591619012772,"unusual":[],"scales":[{"key":"size","factor":1.104,"deviations":1.31},{"key":"grey","factor":0.4759,"deviations":-3.9},{"key":"se","factor":0.9439,"deviations":-0.55},{"key":"worst","factor":1.064,"deviations":2.38}]}');
INSERT INTO public.prediction_detail VALUES ('01a21ac1-5ad2-7307-a014-2b0fd967edf2', '[-0.030398174474826883,-0.5401126152467051,-0.05094117676095732,-0.052298529547572824,0.055855766801389026,0.3483539727109404,-0.22114290367620257,0.5000205448173886,0.08620964099128194,0.3175197928793122,0.08950123989583118,0.6062544569441752,-0.07861356818605905,-1.009346506015063,0.0924943444883935,0.41245712157950026,0.09295065958041515,0.20018635815617064,-0.10923374080854883,0.7614401814699985,-0.05561658283899366,-2.7896035850852927,-0.07165795108980774,-0.14866796480770836,0.3129913944691892,0.057538128428682396,0.04765492750635458,-0.051420355779377105,0.1058825238728246,-1.1948291909703843]', '{"atypical":false,"distance":0.12325234554131573,"unusual":[],"scales":[{"key":"size","factor":0.9397,"deviations":-0.82},{"key":"grey","factor":0.7814,"deviations":-1.29},{"key":"se","factor":1.041,"deviations":0.39},{"key":"worst","factor":1.01,"deviations":0.37}]}');
INSERT INTO public.prediction_detail VALUES ('01a21ac1-5ae4-75db-a242-14d08ddd5d72', '[-0.3633561593949559,-0.0543414939364495,0.2056192471149076,0.4427015816793901,0.009066269530929346,0.47868157543763834,0.1734132884076091,2.257748774534298,0.028411988402265904,0.3533132508491633,-0.03466930552963943,0.6049939568908052,0.08467382510710668,4.584158058328977,-0.07341209428823202,0.6070751089335623,0.05249829769534303,0.23158338392997474,0.36506462193592765,-0.09791052341289722,0.8175617835959489,-0.5997036169045911,0.7011280420696198,2.7936029327433287,-0.25677584182909546,0.0341483401354622,0.07486076169022422,-0.3307005307956308,-0.18142888312761715,0.5019420451758485]', '{"atypical":true,"distance":1.5436760770534483,"unusual":[{"index":0,"reason":"above_range"}],"scales":[{"key":"size","factor":1.524,"deviations":5.58},{"key":"grey","factor":0.8755,"deviations":-0.7},{"key":"se","factor":1.16,"deviations":1.41},{"key":"worst","factor":0.9477,"deviations":-2.07}]}');
INSERT INTO public.prediction_detail VALUES ('01a21ac1-5af2-7142-833a-260fa575b448', '[-0.32111845085805746,-0.21594188432654504,0.12031522740948483,0.17315682433428595,0.012060898527758664,-2.5525622144834528,1.6834802863186225,4.446980786572161,0.22563333929106444,-0.34276403814433515,-0.13719572252953335,1.2575197790736126,-0.09828116189559422,7.112999425680871,0.05066644084988897,-1.240540958074889,-0.1832060541852201,0.8834815653505358,-0.15691532712800418,-1.9006964275379963,0.7713501416380377,-2.7049451480056548,0.8842869937301487,2.3578449445330425,0.5735531363613864,-0.43216748391968307,1.1113317894851809,-0.16861663516091624,0.8225521933279961,2.6156683506581637]', '{"atypical":false,"distance":0.32822832364496596,"unusual":[],"scales":[{"key":"size","factor":1.028,"deviations":0.37},{"key":"grey","factor":0.7327,"deviations":-1.63},{"key":"se","factor":1.138,"deviations":1.24},{"key":"worst","factor":0.9835,"deviations":-0.64}]}');
INSERT INTO public.prediction_detail VALUES ('01a21ac1-5b01-747d-83ee-ec6a0a57978a', '[-0.3915193855011812,0.08282051044292231,0.11120233245982021,0.2945602157364353,0.16966319507267885,-2.271093228789976,1.906028721207899,4.6141044271088765,0.02984885090620845,-0.16519251775849744,-0.26052774758038466,-0.12122287138513203,0.2450186748576729,7.317852348179437,-0.03767479672980779,-0.6696108675389985,-0.35689376187523736,0.7192396546241032,-0.07292735661193858,-0.7504034649442866,0.834090855042887,0.5349627125014977,1.073003378045257,3.006685315790187,0.6881901536823851,-0.29597123389462593,2.4584945763793487,0.12806106576261442,0.07377625513385266,1.3962700583826568]', '{"atypical":false,"distance":0.19165623467157797,"unusual":[],"scales":[{"key":"size","factor":1.122,"deviations":1.52},{"key":"grey","factor":0.8662,"deviations":-0.75},{"key":"se","factor":1.153,"deviations":1.36},{"key":"worst","factor":1.014,"deviations":0.54}]}');
INSERT INTO public.prediction_detail VALUES ('01a21ac1-5ae4-7045-8147-f88ac780ad65', '[-0.3633561593949559,-0.0543414939364495,0.2056192471149076,0.4427015816793901,0.009066269530929346,0.47868157543763834,0.1734132884076091,2.257748774534298,0.028411988402265904,0.3533132508491633,-0.03466930552963943,0.6049939568908052,0.08467382510710668,4.584158058328977,-0.07341209428823202,0.6070751089335623,0.05249829769534303,0.23158338392997474,0.36506462193592765,-0.09791052341289722,0.8175617835959489,-0.5997036169045911,0.7011280420696198,2.7936029327433287,-0.25677584182909546,0.0341483401354622,0.07486076169022422,-0.3307005307956308,-0.18142888312761715,0.5019420451758485]', '{"atypical":true,"distance":1.5436760770534483,"unusual":[{"index":0,"reason":"above_range"}],"scales":[{"key":"size","factor":1.524,"deviations":5.58},{"key":"grey","factor":0.8755,"deviations":-0.7},{"key":"se","factor":1.16,"deviations":1.41},{"key":"worst","factor":0.9477,"deviations":-2.07}]}');
INSERT INTO public.prediction_detail VALUES ('01a21ac1-86fd-74ca-9fed-3b1bfda13a0e', '[1.4512256344649794,-0.2205069538408281,0.4241661977823271,0.11667242199641423,0.35513877151442375,0.726282132460827,-2.7207920552389604,-5.047021693224945,0.2546361761802295,-0.1301080235186507,0.09756137935767108,-0.4193888203097411,-0.10258500684510495,-5.1484784303158175,-0.41739151623531634,0.9174335734112055,1.2402324071181383,-1.7410262394321339,-0.40171964347540773,-0.4229410488787162,-1.325485509687804,-2.114840004207559,-1.7826779882220196,-4.320908481062698,0.5966882889798293,0.39720363562972916,-3.034863615918668,-0.7953511458499681,-0.012880337972767641,1.2517352808501108]', '{"atypical":false,"distance":0.44744784408023996,"unusual":[],"scales":[{"key":"size","factor":0.9101,"deviations":-1.25},{"key":"grey","factor":0.8649,"deviations":-0.76},{"key":"se","factor":0.8134,"deviations":-1.97},{"key":"worst","factor":0.9954,"deviations":-0.18}]}');
INSERT INTO public.saved_view VALUES ('01a21ac1-5d5e-718c-a0fc-70db4d03bf91', 'Newest', 'radius_mean=5..2000&sort=area_worst', '2026-11-27 02:06:49.695+00');
INSERT INTO public.session VALUES ('01a21ac1-5a16-77cf-800e-a860e4e6caf9', '4pPwuczB7iamhpAYGr14BGjLKjIgrpjW', '01a21ac1-5977-709f-b09f-68970f585471', 'home', '2026-11-27 10:06:48.854+00', '127.0.0.1', 'node', '2026-11-27 02:06:48.849+00', '2026-11-27 02:06:48.849+00');
INSERT INTO public.setting VALUES ('table', 'wdbc aa8da92fbbab2a6c');
INSERT INTO public.setting VALUES ('retention_days', '3000');
INSERT INTO public.team VALUES ('home', 'Cytodesk', '2026-11-27 02:06:48.693+00');
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
CREATE INDEX audit_entry_actor_id_place_idx ON public.audit_entry USING btree (actor_id, place);
CREATE INDEX audit_entry_at_idx ON public.audit_entry USING btree (at);
CREATE INDEX audit_entry_object_id_place_idx ON public.audit_entry USING btree (object_id, place);
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
