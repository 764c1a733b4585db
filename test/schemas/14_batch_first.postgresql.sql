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
    part_rows integer NOT NULL,
    parts integer DEFAULT 0 NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    seen integer DEFAULT 0 NOT NULL,
    tally text DEFAULT '{}'::text NOT NULL COLLATE pg_catalog."C",
    seen_tally text DEFAULT '{}'::text NOT NULL COLLATE pg_catalog."C",
    worked_ms double precision DEFAULT 0 NOT NULL,
    started_at timestamp(3) with time zone,
    finished_at timestamp(3) with time zone,
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
    idempotency_key text NOT NULL COLLATE pg_catalog."C",
    cautions text COLLATE pg_catalog."C"
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
INSERT INTO public._prisma_migrations VALUES ('a56112f9-8e19-47b2-b393-f2493d91c206', '7d47179abe3b42107f7891366c5d0a6dde7c6dbfea2aba3532c4cabc716142e8', '2026-11-27 02:04:10.746+00', '20261124180106_init', NULL, NULL, '2026-11-27 02:04:10.684+00', 1);
INSERT INTO public._prisma_migrations VALUES ('3cd0ef4a-aca7-45a9-bd1f-c0a34f3097a4', '84d195ff146d78c36a572755860249362b5c2a995f8fc3648705ec4f6cb488b5', '2026-11-27 02:04:10.753+00', '20261124183204_import_report', NULL, NULL, '2026-11-27 02:04:10.748+00', 1);
INSERT INTO public._prisma_migrations VALUES ('a9dde275-0761-402b-a3c9-03db1414a32a', 'af5a4277fb57968da78503e3fb9db57e71f1ba6039e70ca6f8e46417303bf470', '2026-11-27 02:04:10.759+00', '20261124183916_outcome_index', NULL, NULL, '2026-11-27 02:04:10.754+00', 1);
INSERT INTO public._prisma_migrations VALUES ('8f137e39-1291-4d32-8de8-2a330c346c06', '002db2dfa364d0b43bdf77ac72a5baa8b56edf22ca4084b6a603134ddaf23ff2', '2026-11-27 02:04:10.764+00', '20261124213542_bin_index', NULL, NULL, '2026-11-27 02:04:10.76+00', 1);
INSERT INTO public._prisma_migrations VALUES ('cc507359-950c-442d-9b34-ffbc62261ead', '41cd79fd5bc003dfb4c24e8d5653774e98d27088309df13b0ef92267711e03d5', '2026-11-27 02:04:10.769+00', '20261126002729_import_differences', NULL, NULL, '2026-11-27 02:04:10.766+00', 1);
INSERT INTO public._prisma_migrations VALUES ('b04bb3a5-a2f7-433b-8b8b-8da396c168ac', '90ef507d088b8993ff36d374b2af88442c02b4cd404e8bff1fd8ca79a27438fd', '2026-11-27 02:04:10.772+00', '20261126032037_cautions', NULL, NULL, '2026-11-27 02:04:10.77+00', 1);
INSERT INTO public._prisma_migrations VALUES ('a7b17006-fe32-40d4-b0e2-139b5e021356', 'f59ff7fda90fde8041f5bde6810fece07db16e5b7e397cd4e8c39626a1d7f6ff', '2026-11-27 02:04:10.781+00', '20261126092821_batch', NULL, NULL, '2026-11-27 02:04:10.773+00', 1);
INSERT INTO public.annotation VALUES ('01a21abe-f813-718f-8a99-3f70aef36c86', 'FNA-3', NULL);
INSERT INTO public.annotation VALUES ('01a21abe-f829-70f8-b5b0-d61c65a4c2ca', 'FNA-4', NULL);
INSERT INTO public.annotation VALUES ('01a21abe-f7bb-765d-b756-19a356fa0af2', 'FNA-1b', 'Second text');
INSERT INTO public.annotation VALUES ('01a21abe-f813-7400-af14-76bfce594774', 'FNA-3', NULL);
INSERT INTO public.edit VALUES ('01a21abe-f86e-7308-bef1-4a9f6144844a', '01a21abe-f7bb-765d-b756-19a356fa0af2', '2026-11-27 02:04:12.782+00', 'note', NULL, 'Two passes, “good” cells; see B');
INSERT INTO public.edit VALUES ('01a21abe-f96e-7770-9f04-e3de1a0eee4b', '01a21abe-f7bb-765d-b756-19a356fa0af2', '2026-11-27 02:04:13.038+00', 'case code', 'FNA-1', 'FNA-1b');
INSERT INTO public.edit VALUES ('01a21abe-f96e-7770-9f04-e509b26567f9', '01a21abe-f7bb-765d-b756-19a356fa0af2', '2026-11-27 02:04:13.038+00', 'note', 'Two passes, “good” cells; see B', 'Second text');
INSERT INTO public.edit VALUES ('01a21abe-f9e3-7212-a9f1-640b26a076d7', '01a21abe-f7bb-765d-b756-19a356fa0af2', '2026-11-27 02:04:13.153+00', 'outcome', NULL, 'malignant, confirmed on 2026-11-20');
INSERT INTO public.edit VALUES ('01a21abe-faa3-764c-9f63-622b2d38a741', '01a21abe-f7f8-74bf-a5a5-d124dbabb342', '2026-11-27 02:04:13.346+00', 'outcome', NULL, 'malignant, confirmed on 2026-11-21');
INSERT INTO public.import_report VALUES ('01a21abe-fd0c-7539-b1b7-826a272c7518', '2026-11-27 02:04:13.964+00', 'kept.jsonl', 1, 0, 1, '[{"line":2,"reason":"The line is not JSON."}]', '[]', 0, 0);
INSERT INTO public.model VALUES (1, 'quadratic-logistic-regression', '3.0.0', '5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f', 0.5, '{"level":0.99,"from":0.062222269128013076,"to":0.8328692184234273}', '["quadratic-logistic-regression","3.0.0","5d2b7866ef63a3f3f8b751e7b43046ddc8d2c36ff47ef9847b40bd895a06859f",0.5,{"level":0.99,"from":0.062222269128013076,"to":0.8328692184234273}]');
INSERT INTO public.prediction VALUES ('01a21abe-f813-718f-8a99-3f70aef36c86', NULL, 40, 17.77, 132.9, 1326, 0.08474, 0.07864, 0.0869, 0.07017, 0.1812, 0.05667, 0.5435, 0.7339, 3.398, 74.08, 0.005225, 0.01308, 0.0186, 0.0134, 0.01389, 0.003532, 24.99, 23.41, 158.8, 1956, 0.1238, 0.1866, 0.2416, 0.186, 0.275, 0.08902, 0.9999936014348898, '2026-11-27 02:04:12.691+00', 'M', 'uncertain', 'form', 1, '3.0.0', 'embedded', 1.741, -1.450518289274632, NULL, NULL, '8880af2452597dca74955baedad71ac1714cee483010eb83c45552e72b952a44', 'scale_size atypical');
INSERT INTO public.prediction VALUES ('01a21abe-f836-71b1-9ea1-c7f73284087d', NULL, 19.53, 18.9, 129.5, 1217, 0.115, 0.1642, 0.2197, 0.1062, 0.1792, 0.06552, 1.111, 1.161, 7.237, 133, 0.006056, 0.03203, 0.05638, 0.01733, 0.01884, 0.004787, 25.93, 26.24, 171.1, 2053, 0.1495, 0.4116, 0.6121, 0.198, 0.2968, 0.09929, 0.9999999934271466, '2026-11-27 02:04:12.726+00', 'M', 'M', 'form', 1, '3.0.0', 'embedded', 1.867, -1.450518289274632, NULL, NULL, '481762797af59a219fd0a980de5446a1a01f3f54cba113532b5ac73094b79237', 'none');
INSERT INTO public.prediction VALUES ('01a21abe-f7bb-765d-b756-19a356fa0af2', NULL, 17.99, 10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4, 0.006399, 0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019, 0.1622, 0.6656, 0.7119, 0.2654, 0.4601, 0.1189, 0.9999999644351657, '2026-11-27 02:04:12.603+00', 'M', 'M', 'sample', 1, '3.0.0', 'embedded', 12.559, -1.450518289274632, 'M', '2026-11-20 00:00:00+00', '55fa880b09c1f781bd3c6ffa06de0ea1afbeeb13b7c7dec9bc946485412b0776', 'none');
INSERT INTO public.prediction VALUES ('01a21abe-f7f8-74bf-a5a5-d124dbabb342', NULL, 13.54, 14.36, 87.46, 566.3, 0.09779, 0.08129, 0.06664, 0.04781, 0.1885, 0.05766, 0.2699, 0.7886, 2.058, 23.56, 0.008462, 0.0146, 0.02387, 0.01315, 0.0198, 0.0023, 15.11, 19.26, 99.7, 711.2, 0.144, 0.1773, 0.239, 0.1288, 0.2977, 0.07259, 0.022596819336903887, '2026-11-27 02:04:12.664+00', 'B', 'B', 'form', 1, '3.0.0', 'embedded', 1.105, -1.450518289274632, 'M', '2026-11-21 00:00:00+00', '8dbbf338b3b13c3c76f0678f6b9e1e2b85d05f6ccb9245b37a6374f61f7f12f4', 'none');
INSERT INTO public.prediction VALUES ('01a21abe-f829-70f8-b5b0-d61c65a4c2ca', '2026-11-27 02:04:13.421+00', 18.05, 16.15, 120.2, 1006, 0.1065, 0.2146, 0.1684, 0.108, 0.2152, 0.06673, 0.9806, 0.5505, 6.311, 134.8, 0.00794, 0.05839, 0.04658, 0.0207, 0.02591, 0.007054, 22.39, 18.91, 150.1, 1610, 0.1478, 0.5634, 0.3786, 0.2102, 0.3751, 0.1108, 0.999998144607294, '2026-11-27 02:04:12.713+00', 'M', 'M', 'form', 1, '3.0.0', 'embedded', 1.374, -1.450518289274632, NULL, NULL, '26d9c282f4fc07b2992e4fad3ef144374cf88bc15e6655b575270de8fca921f0', 'none');
INSERT INTO public.prediction VALUES ('01a21abe-f813-7400-af14-76bfce594774', NULL, 40, 17.77, 132.9, 1326, 0.08474, 0.07864, 0.0869, 0.07017, 0.1812, 0.05667, 0.5435, 0.7339, 3.398, 74.08, 0.005225, 0.01308, 0.0186, 0.0134, 0.01389, 0.003532, 24.99, 23.41, 158.8, 1956, 0.1238, 0.1866, 0.2416, 0.186, 0.275, 0.08902, 0.9999936014348898, '2026-11-27 02:04:12.691+00', 'M', 'uncertain', 'form', 1, '3.0.0', 'embedded', 1.741, -1.450518289274632, NULL, NULL, 'imported 0190c8a0-1111-7000-8000-00000000abcd', 'scale_size atypical');
INSERT INTO public.prediction_detail VALUES ('01a21abe-f7bb-765d-b756-19a356fa0af2', '[-0.4360179071412393,-1.393621637959738,0.009436717593468761,0.059042954119069076,0.26399857945019395,-3.420274807992638,2.879307573328083,6.300409830224077,0.9318420827155567,-1.0697546702602665,-0.7023150030198377,0.3002386363784833,-0.3564301226543022,7.914373572008253,-0.02597625206386615,-1.113182115636143,-0.712805351816312,0.4575630864654038,-0.15857269011717826,-1.1013866809073243,0.9427073482232039,-3.8694163104869226,1.2967370823277355,3.124510752470158,0.8779184360927774,-0.12361886770316219,3.0494973801273457,0.3993315013087233,1.0393125599901332,3.239571067198429]', '{"atypical":false,"distance":0.6226591619012778,"unusual":[],"scales":[{"key":"size","factor":1.104,"deviations":1.31},{"key":"grey","factor":0.4759,"deviations":-3.9},{"key":"se","factor":0.9439,"deviations":-0.55},{"key":"worst","factor":1.064,"deviations":2.38}]}');
INSERT INTO public.prediction_detail VALUES ('01a21abe-f7f8-74bf-a5a5-d124dbabb342', '[-0.030398174474826883,-0.5401126152467051,-0.05094117676095732,-0.052298529547572824,0.055855766801389026,0.3483539727109404,-0.22114290367620257,0.5000205448173886,0.08620964099128194,0.3175197928793122,0.08950123989583118,0.6062544569441752,-0.07861356818605905,-1.009346506015063,0.0924943444883935,0.41245712157950026,0.09295065958041515,0.20018635815617064,-0.10923374080854883,0.7614401814699985,-0.05561658283899366,-2.7896035850852927,-0.07165795108980774,-0.14866796480770836,0.3129913944691892,0.057538128428682396,0.04765492750635458,-0.051420355779377105,0.1058825238728246,-1.1948291909703843]', '{"atypical":false,"distance":0.12325234554131567,"unusual":[],"scales":[{"key":"size","factor":0.9397,"deviations":-0.82},{"key":"grey","factor":0.7814,"deviations":-1.29},{"key":"se","factor":1.041,"deviations":0.39},{"key":"worst","factor":1.01,"deviations":0.37}]}');
INSERT INTO public.prediction_detail VALUES ('01a21abe-f813-718f-8a99-3f70aef36c86', '[-0.3633561593949559,-0.0543414939364495,0.2056192471149076,0.4427015816793901,0.009066269530929346,0.47868157543763834,0.1734132884076091,2.257748774534298,0.028411988402265904,0.3533132508491633,-0.03466930552963943,0.6049939568908052,0.08467382510710668,4.584158058328977,-0.07341209428823202,0.6070751089335623,0.05249829769534303,0.23158338392997474,0.36506462193592765,-0.09791052341289722,0.8175617835959489,-0.5997036169045911,0.7011280420696198,2.7936029327433287,-0.25677584182909546,0.0341483401354622,0.07486076169022422,-0.3307005307956308,-0.18142888312761715,0.5019420451758485]', '{"atypical":true,"distance":1.543676077053448,"unusual":[{"index":0,"reason":"above_range"}],"scales":[{"key":"size","factor":1.524,"deviations":5.58},{"key":"grey","factor":0.8755,"deviations":-0.7},{"key":"se","factor":1.16,"deviations":1.41},{"key":"worst","factor":0.9477,"deviations":-2.07}]}');
INSERT INTO public.prediction_detail VALUES ('01a21abe-f829-70f8-b5b0-d61c65a4c2ca', '[-0.32111845085805746,-0.21594188432654504,0.12031522740948483,0.17315682433428595,0.012060898527758664,-2.5525622144834528,1.6834802863186225,4.446980786572161,0.22563333929106444,-0.34276403814433515,-0.13719572252953335,1.2575197790736126,-0.09828116189559422,7.112999425680871,0.05066644084988897,-1.240540958074889,-0.1832060541852201,0.8834815653505358,-0.15691532712800418,-1.9006964275379963,0.7713501416380377,-2.7049451480056548,0.8842869937301487,2.3578449445330425,0.5735531363613864,-0.43216748391968307,1.1113317894851809,-0.16861663516091624,0.8225521933279961,2.6156683506581637]', '{"atypical":false,"distance":0.32822832364496635,"unusual":[],"scales":[{"key":"size","factor":1.028,"deviations":0.37},{"key":"grey","factor":0.7327,"deviations":-1.63},{"key":"se","factor":1.138,"deviations":1.24},{"key":"worst","factor":0.9835,"deviations":-0.64}]}');
INSERT INTO public.prediction_detail VALUES ('01a21abe-f836-71b1-9ea1-c7f73284087d', '[-0.3915193855011812,0.08282051044292231,0.11120233245982021,0.2945602157364353,0.16966319507267885,-2.271093228789976,1.906028721207899,4.6141044271088765,0.02984885090620845,-0.16519251775849744,-0.26052774758038466,-0.12122287138513203,0.2450186748576729,7.317852348179437,-0.03767479672980779,-0.6696108675389985,-0.35689376187523736,0.7192396546241032,-0.07292735661193858,-0.7504034649442866,0.834090855042887,0.5349627125014977,1.073003378045257,3.006685315790187,0.6881901536823851,-0.29597123389462593,2.4584945763793487,0.12806106576261442,0.07377625513385266,1.3962700583826568]', '{"atypical":false,"distance":0.19165623467157822,"unusual":[],"scales":[{"key":"size","factor":1.122,"deviations":1.52},{"key":"grey","factor":0.8662,"deviations":-0.75},{"key":"se","factor":1.153,"deviations":1.36},{"key":"worst","factor":1.014,"deviations":0.54}]}');
INSERT INTO public.prediction_detail VALUES ('01a21abe-f813-7400-af14-76bfce594774', '[-0.3633561593949559,-0.0543414939364495,0.2056192471149076,0.4427015816793901,0.009066269530929346,0.47868157543763834,0.1734132884076091,2.257748774534298,0.028411988402265904,0.3533132508491633,-0.03466930552963943,0.6049939568908052,0.08467382510710668,4.584158058328977,-0.07341209428823202,0.6070751089335623,0.05249829769534303,0.23158338392997474,0.36506462193592765,-0.09791052341289722,0.8175617835959489,-0.5997036169045911,0.7011280420696198,2.7936029327433287,-0.25677584182909546,0.0341483401354622,0.07486076169022422,-0.3307005307956308,-0.18142888312761715,0.5019420451758485]', '{"atypical":true,"distance":1.543676077053448,"unusual":[{"index":0,"reason":"above_range"}],"scales":[{"key":"size","factor":1.524,"deviations":5.58},{"key":"grey","factor":0.8755,"deviations":-0.7},{"key":"se","factor":1.16,"deviations":1.41},{"key":"worst","factor":0.9477,"deviations":-2.07}]}');
INSERT INTO public.saved_view VALUES ('01a21abe-fb70-74ab-a202-65a95c567a57', 'Newest', 'radius_mean=5..2000&sort=area_worst', '2026-11-27 02:04:13.552+00');
INSERT INTO public.setting VALUES ('retention_days', '3000');
SELECT pg_catalog.setval('public.model_id_seq', 2, true);
ALTER TABLE ONLY public._prisma_migrations
    ADD CONSTRAINT _prisma_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.annotation
    ADD CONSTRAINT annotation_pkey PRIMARY KEY (prediction_id);
ALTER TABLE ONLY public.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (id);
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
CREATE INDEX batch_state_work_until_idx ON public.batch USING btree (state, work_until);
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
