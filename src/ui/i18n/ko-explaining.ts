/** As en-explaining.ts. */

export const why = {
  title: '이렇게 된 이유',
  evidence: '근거',
  goTo: '“{{name}}” 보기',
  fix: '해결 방법',
  apply: '이 변경 적용',
  run: '명령 실행',
}

export const allocation = {
  title: '자원',
  cpu: 'CPU',
  memory: '메모리',
  of: '할당 가능 {{amount}}',
  requested: '요청 {{amount}}',
  limited: '제한 {{amount}}',
  used: '사용 중 {{amount}}',
  pods: '파드 {{count}}개, 최대 {{most}}개',
}

export const placement = {
  title: '스케줄러의 선택 과정',
  when: '{{time}}의 노드별 판정입니다. 점수에는 가중치가 적용되어 있습니다.',
  node: '노드',
  total: '합계',
  chosen: '선택됨',
  only: '가능',
}

export const story = {
  title: '일어난 일',
  nothing: '그래프에서 무엇이든 선택하면 일어난 일을 단계별로 볼 수 있습니다.',
  empty: '이 오브젝트에 대한 기록이 더 남아 있지 않습니다.',
  next: '다음에 일어나는 일까지',
  none: '가상 시간 10분 동안 아무 일도 일어나지 않았습니다.',
  forgotten: '{{time}} 이전의 기록은 남아 있지 않습니다.',
  goTo: '{{time}}(으)로 이동',
  user: '사용자',
  apiserver: 'API 서버',
  etcd: 'etcd',
  controllers: '컨트롤러',
  scheduler: '스케줄러',
  kubelet: 'kubelet',
  runtime: '런타임',
}
