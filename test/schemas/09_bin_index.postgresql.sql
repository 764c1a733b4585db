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
CREATE TABLE public.annotation (
    prediction_id text NOT NULL COLLATE pg_catalog."C",
    case_code text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C"
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
    refusals text NOT NULL COLLATE pg_catalog."C"
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
    idempotency_key text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.prediction_detail (
    prediction_id text NOT NULL COLLATE pg_catalog."C",
    contributions text COLLATE pg_catalog."C",
    typicality text COLLATE pg_catalog."C"
);
CREATE TABLE public.saved_view (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    query text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone NOT NULL
);
CREATE TABLE public.setting (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE ONLY public.model ALTER COLUMN id SET DEFAULT nextval('public.model_id_seq'::regclass);
INSERT INTO public._prisma_migrations VALUES ('45a3d3d4-c76e-4fb5-8f82-abc44186fd43', '7d47179abe3b42107f7891366c5d0a6dde7c6dbfea2aba3532c4cabc716142e8', '2026-11-27 01:52:53.23+00', '20261124180106_init', NULL, NULL, '2026-11-27 01:52:53.156+00', 1);
INSERT INTO public._prisma_migrations VALUES ('295aed1f-8b2d-4730-9e1d-f97e5cdf3a10', '84d195ff146d78c36a572755860249362b5c2a995f8fc3648705ec4f6cb488b5', '2026-11-27 01:52:53.238+00', '20261124183204_import_report', NULL, NULL, '2026-11-27 01:52:53.234+00', 1);
INSERT INTO public._prisma_migrations VALUES ('851d3b5e-4774-41a5-b914-45c5a5023117', 'af5a4277fb57968da78503e3fb9db57e71f1ba6039e70ca6f8e46417303bf470', '2026-11-27 01:52:53.264+00', '20261124183916_outcome_index', NULL, NULL, '2026-11-27 01:52:53.251+00', 1);
INSERT INTO public._prisma_migrations VALUES ('09eeb07c-65c5-4c29-9ee8-7787e8cf7ca8', '002db2dfa364d0b43bdf77ac72a5baa8b56edf22ca4084b6a603134ddaf23ff2', '2026-11-27 01:52:53.27+00', '20261124213542_bin_index', NULL, NULL, '2026-11-27 01:52:53.265+00', 1);
INSERT INTO public.annotation VALUES ('01a21ab4-9fe1-77bf-b462-5a1f7dff7e77', 'FNA-1b', 'Second text');
INSERT INTO public.edit VALUES ('01a21ab4-a0ae-7707-becc-4cb10656cab8', '01a21ab4-9fe1-77bf-b462-5a1f7dff7e77', '2026-11-27 01:52:54.958+00', 'case code', NULL, 'FNA-1');
INSERT INTO public.edit VALUES ('01a21ab4-a0ae-7707-becc-53b60b1bcf0e', '01a21ab4-9fe1-77bf-b462-5a1f7dff7e77', '2026-11-27 01:52:54.958+00', 'note', NULL, 'Two passes, “good” cells; see B');
INSERT INTO public.edit VALUES ('01a21ab4-a12c-71d9-bca7-97df242c2eb2', '01a21ab4-9fe1-77bf-b462-5a1f7dff7e77', '2026-11-27 01:52:55.084+00', 'case code', 'FNA-1', 'FNA-1b');
INSERT INTO public.edit VALUES ('01a21ab4-a12c-71d9-bca7-999778679f07', '01a21ab4-9fe1-77bf-b462-5a1f7dff7e77', '2026-11-27 01:52:55.084+00', 'note', 'Two passes, “good” cells; see B', 'Second text');
INSERT INTO public.edit VALUES ('01a21ab4-a165-773e-b9f3-9f9bf64e2abc', '01a21ab4-9fe1-77bf-b462-5a1f7dff7e77', '2026-11-27 01:52:55.14+00', 'outcome', NULL, 'malignant, confirmed on 2026-11-20');
INSERT INTO public.edit VALUES ('01a21ab4-a193-738b-a7d6-7a2696b0e8a4', '01a21ab4-a02f-7579-91bc-72f822c31351', '2026-11-27 01:52:55.186+00', 'outcome', NULL, 'malignant, confirmed on 2026-11-21');
INSERT INTO public.import_report VALUES ('01a21ab4-a312-70a7-87ba-d8d64d194ce0', '2026-11-27 01:52:55.57+00', 'kept.jsonl', 1, 0, 1, '[{"line":2,"reason":"The line is not JSON."}]');
INSERT INTO public.model VALUES (1, 'quadratic-logistic-regression', '2.0.0', '5f7e6219e0d6d81dc36ca134c80d96e53d54ea1bd05be1c5654dfced300176c2', 0.5, '{"level":0.99,"from":0.07278924747792798,"to":0.5}', '["quadratic-logistic-regression","2.0.0","5f7e6219e0d6d81dc36ca134c80d96e53d54ea1bd05be1c5654dfced300176c2",0.5,{"level":0.99,"from":0.07278924747792798,"to":0.5}]');
INSERT INTO public.prediction VALUES ('01a21ab4-a067-73de-afaf-0f59addf3555', NULL, 40, 17.77, 132.9, 1326, 0.08474, 0.07864, 0.0869, 0.07017, 0.1812, 0.05667, 0.5435, 0.7339, 3.398, 74.08, 0.005225, 0.01308, 0.0186, 0.0134, 0.01389, 0.003532, 24.99, 23.41, 158.8, 1956, 0.1238, 0.1866, 0.2416, 0.186, 0.275, 0.08902, 0.9999939887228374, '2026-11-27 01:52:54.887+00', 'M', 'M', 'form', 1, '2.0.0', 'embedded', 1.253, -1.5583547102596296, NULL, NULL, '8880af2452597dca74955baedad71ac1714cee483010eb83c45552e72b952a44');
INSERT INTO public.prediction VALUES ('01a21ab4-a08d-755a-8519-b10fb3fe8cd3', NULL, 19.53, 18.9, 129.5, 1217, 0.115, 0.1642, 0.2197, 0.1062, 0.1792, 0.06552, 1.111, 1.161, 7.237, 133, 0.006056, 0.03203, 0.05638, 0.01733, 0.01884, 0.004787, 25.93, 26.24, 171.1, 2053, 0.1495, 0.4116, 0.6121, 0.198, 0.2968, 0.09929, 0.9999999933029284, '2026-11-27 01:52:54.925+00', 'M', 'M', 'form', 1, '2.0.0', 'embedded', 0.745, -1.5583547102596296, NULL, NULL, '481762797af59a219fd0a980de5446a1a01f3f54cba113532b5ac73094b79237');
INSERT INTO public.prediction VALUES ('01a21ab4-9fe1-77bf-b462-5a1f7dff7e77', NULL, 17.99, 10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4, 0.006399, 0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019, 0.1622, 0.6656, 0.7119, 0.2654, 0.4601, 0.1189, 0.9999999530157477, '2026-11-27 01:52:54.753+00', 'M', 'M', 'sample', 1, '2.0.0', 'embedded', 5.944, -1.5583547102596296, 'M', '2026-11-20 00:00:00+00', '55fa880b09c1f781bd3c6ffa06de0ea1afbeeb13b7c7dec9bc946485412b0776');
INSERT INTO public.prediction VALUES ('01a21ab4-a02f-7579-91bc-72f822c31351', NULL, 13.54, 14.36, 87.46, 566.3, 0.09779, 0.08129, 0.06664, 0.04781, 0.1885, 0.05766, 0.2699, 0.7886, 2.058, 23.56, 0.008462, 0.0146, 0.02387, 0.01315, 0.0198, 0.0023, 15.11, 19.26, 99.7, 711.2, 0.144, 0.1773, 0.239, 0.1288, 0.2977, 0.07259, 0.02034277124454733, '2026-11-27 01:52:54.831+00', 'B', 'B', 'form', 1, '2.0.0', 'embedded', 5.383, -1.5583547102596296, 'M', '2026-11-21 00:00:00+00', '8dbbf338b3b13c3c76f0678f6b9e1e2b85d05f6ccb9245b37a6374f61f7f12f4');
INSERT INTO public.prediction VALUES ('01a21ab4-a07e-7404-8178-ddef6f0097b2', '2026-11-27 01:52:55.226+00', 18.05, 16.15, 120.2, 1006, 0.1065, 0.2146, 0.1684, 0.108, 0.2152, 0.06673, 0.9806, 0.5505, 6.311, 134.8, 0.00794, 0.05839, 0.04658, 0.0207, 0.02591, 0.007054, 22.39, 18.91, 150.1, 1610, 0.1478, 0.5634, 0.3786, 0.2102, 0.3751, 0.1108, 0.9999967881793425, '2026-11-27 01:52:54.91+00', 'M', 'M', 'form', 1, '2.0.0', 'embedded', 0.68, -1.5583547102596296, NULL, NULL, '26d9c282f4fc07b2992e4fad3ef144374cf88bc15e6655b575270de8fca921f0');
INSERT INTO public.prediction VALUES ('0190c8a0-1111-7000-8000-00000000abcd', NULL, 40, 17.77, 132.9, 1326, 0.08474, 0.07864, 0.0869, 0.07017, 0.1812, 0.05667, 0.5435, 0.7339, 3.398, 74.08, 0.005225, 0.01308, 0.0186, 0.0134, 0.01389, 0.003532, 24.99, 23.41, 158.8, 1956, 0.1238, 0.1866, 0.2416, 0.186, 0.275, 0.08902, 0.9999939887228374, '2026-11-27 01:52:54.887+00', 'M', 'M', 'form', 1, '2.0.0', 'embedded', 1.253, -1.5583547102596296, NULL, NULL, 'imported 0190c8a0-1111-7000-8000-00000000abcd');
INSERT INTO public.prediction_detail VALUES ('01a21ab4-9fe1-77bf-b462-5a1f7dff7e77', '[-0.37005320180291934,-1.30083862979657,0.027558863184728,0.1303004649366943,0.15705691299247132,-3.60851600434999,3.5328342127888352,5.866161201848112,0.7770103294384326,-0.8970491977153743,-0.14894912871999155,0.3059040444520366,-0.09076278455950647,6.971731766936318,-0.03102757368911063,-1.1800381658463914,-0.5387832782479962,0.3325745431797954,-0.16796196034837008,-1.1442396971702415,0.9900810064329254,-3.982067937311884,1.4725672736636033,2.8801603150934922,0.935075668563809,-0.43105792861355957,2.6478522639263353,0.8342588857096831,1.137601027909077,3.3244247186267035]', '{"atypical":false,"distance":0.6226591619012618,"unusual":[]}');
INSERT INTO public.prediction_detail VALUES ('01a21ab4-a02f-7579-91bc-72f822c31351', '[-0.018780415668982222,-0.5821995891376714,-0.037366592296615084,-0.04226196383316767,0.04888224295187039,0.38531365412744295,-0.22097781853173606,0.48360181714792033,0.09539291687310568,0.2529018620831035,-0.027120470650396234,0.6310423567544293,-0.08090654636016868,-0.9036537498471836,0.03863244327124425,0.44018509844908044,0.06801827772977176,0.15694552779895046,-0.10962762324378152,0.7225516020082507,-0.06744152125438663,-2.8153990872285077,-0.07959804645813796,-0.14053687272098078,0.3424093458975241,0.07978406190144453,0.05514136002222868,0.06482926952882222,0.1061975251876781,-1.1620814707631018]', '{"atypical":false,"distance":0.12325234554131505,"unusual":[]}');
INSERT INTO public.prediction_detail VALUES ('01a21ab4-a067-73de-afaf-0f59addf3555', '[-0.48611810925812815,-0.0539026779201598,0.11709447229790533,0.40156332994064536,-0.04183590725839202,0.5499512463852406,0.2663913150269164,2.0918242541506804,0.028786425144044173,0.293479673074816,0.2272645782896231,0.7053047869621278,0.11782124619079123,4.006192372436984,-0.05495154671533909,0.6333038144530547,0.003987279583635298,0.17459351005260268,0.32208652005400185,-0.09887922736405291,1.0208757596475557,-0.6307322012785401,0.9784798146292261,2.686075822101002,-0.24775553767185515,0.05010105361959818,0.07775504549191013,0.09987534237696159,-0.16037033657544764,0.5019599068361245]', '{"atypical":true,"distance":1.5436760770534483,"unusual":[{"index":0,"reason":"above_range"}]}');
INSERT INTO public.prediction_detail VALUES ('01a21ab4-a07e-7404-8178-ddef6f0097b2', '[-0.2701192423478979,-0.2195707438441962,0.10473283020115702,0.22199572667690928,0.020497389712950034,-2.8406275701109065,1.9799872351227814,4.204644489913043,0.24626529594326557,-0.2713455430764515,0.20600264278983327,1.3205638992508397,0.04108406303722012,6.373981146675511,0.03369926312146822,-1.3579739664769246,-0.09286135936365333,0.6338525001019663,-0.15186579409429657,-1.746353879528584,0.8125277742882787,-2.7976869464034655,0.9844325856707564,2.2304484319143376,0.5420199435852852,-0.5621321395467778,1.0189529623048967,0.31208398074255717,0.7861104732164786,2.44367864754562]', '{"atypical":false,"distance":0.3282283236449564,"unusual":[]}');
INSERT INTO public.prediction_detail VALUES ('01a21ab4-a08d-755a-8519-b10fb3fe8cd3', '[-0.34588582229239695,0.08425529024665535,0.09575777867923455,0.320664727509118,0.22014436342292043,-2.3562317949497524,2.3966128678417054,4.261102781286296,0.02374903087902197,-0.15832687886217142,0.27036997849092137,-0.1188803548972036,0.45512889648154264,6.447306598635451,-0.034569333697651514,-0.715968849540925,-0.18273161660597484,0.5448274000918127,-0.07443256818820453,-0.7177688837300282,0.9888497607363427,0.5333476862176367,1.2390510964342079,2.83094930078232,0.6719553747220766,-0.4938588192294274,2.224153113416395,0.4735080876480686,0.07877193851672593,1.4180990410008727]', '{"atypical":false,"distance":0.19165623467157397,"unusual":[]}');
INSERT INTO public.prediction_detail VALUES ('0190c8a0-1111-7000-8000-00000000abcd', '[-0.48611810925812815,-0.0539026779201598,0.11709447229790533,0.40156332994064536,-0.04183590725839202,0.5499512463852406,0.2663913150269164,2.0918242541506804,0.028786425144044173,0.293479673074816,0.2272645782896231,0.7053047869621278,0.11782124619079123,4.006192372436984,-0.05495154671533909,0.6333038144530547,0.003987279583635298,0.17459351005260268,0.32208652005400185,-0.09887922736405291,1.0208757596475557,-0.6307322012785401,0.9784798146292261,2.686075822101002,-0.24775553767185515,0.05010105361959818,0.07775504549191013,0.09987534237696159,-0.16037033657544764,0.5019599068361245]', '{"atypical":true,"distance":1.5436760770534483,"unusual":[{"index":0,"reason":"above_range"}]}');
INSERT INTO public.saved_view VALUES ('01a21ab4-a215-75b1-981a-554dbbfaf935', 'Newest', 'sort=date', '2026-11-27 01:52:55.317+00');
INSERT INTO public.setting VALUES ('retention_days', '3000');
SELECT pg_catalog.setval('public.model_id_seq', 2, true);
ALTER TABLE ONLY public._prisma_migrations
    ADD CONSTRAINT _prisma_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.annotation
    ADD CONSTRAINT annotation_pkey PRIMARY KEY (prediction_id);
ALTER TABLE ONLY public.edit
    ADD CONSTRAINT edit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.failed_prediction
    ADD CONSTRAINT failed_prediction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.import_report
    ADD CONSTRAINT import_report_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.prediction_detail
    ADD CONSTRAINT prediction_detail_pkey PRIMARY KEY (prediction_id);
ALTER TABLE ONLY public.prediction
    ADD CONSTRAINT prediction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.saved_view
    ADD CONSTRAINT saved_view_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);
CREATE INDEX annotation_case_code_idx ON public.annotation USING btree (case_code);
CREATE INDEX edit_prediction_id_id_idx ON public.edit USING btree (prediction_id, id);
CREATE INDEX failed_prediction_created_at_idx ON public.failed_prediction USING btree (created_at);
CREATE UNIQUE INDEX model_identity_key ON public.model USING btree (identity);
CREATE INDEX prediction_deleted_at_id_idx ON public.prediction USING btree (deleted_at, id);
CREATE UNIQUE INDEX prediction_idempotency_key_key ON public.prediction USING btree (idempotency_key);
CREATE INDEX prediction_outcome ON public.prediction USING btree (outcome, id, deleted_at, source, model_id, diagnosis, label, probability);
CREATE UNIQUE INDEX saved_view_name_key ON public.saved_view USING btree (name);
ALTER TABLE ONLY public.annotation
    ADD CONSTRAINT annotation_prediction_id_fkey FOREIGN KEY (prediction_id) REFERENCES public.prediction(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.edit
    ADD CONSTRAINT edit_prediction_id_fkey FOREIGN KEY (prediction_id) REFERENCES public.prediction(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.prediction_detail
    ADD CONSTRAINT prediction_detail_prediction_id_fkey FOREIGN KEY (prediction_id) REFERENCES public.prediction(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.prediction
    ADD CONSTRAINT prediction_model_id_fkey FOREIGN KEY (model_id) REFERENCES public.model(id) ON UPDATE CASCADE ON DELETE RESTRICT;
