import kafkajs from "kafkajs";
import { Monitor } from "streamgauge";
import { attachConsumer } from "streamgauge/kafkajs";
const mode = process.argv[2];
const attachIt = process.argv[3]==="1";
const monitor=new Monitor().start();
const N=80000, topic="orders";
const handlers={}; let onStop;
// a fake consumer with KafkaJS's interface
const consumer={ events:{HEARTBEAT:"h",COMMIT_OFFSETS:"c",GROUP_JOIN:"g",FETCH_START:"f",FETCH:"F",START_BATCH_PROCESS:"s",STOP:"S",CRASH:"C",REBALANCING:"R",REQUEST:"q",REQUEST_TIMEOUT:"t"}, on(){return()=>{}}, paused(){return[]}, pause(){}, resume(){throw 1}, commitOffsets(){}, async run(c){ this.c=c; }};
let a; if(attachIt) a=attachConsumer(consumer, monitor);
const cfg = mode==="m" ? { eachMessage: async({message})=>{} } : { eachBatch: async({batch,resolveOffset})=>{ for(const m of batch.messages){resolveOffset(m.offset);} } };
await consumer.run(cfg);
const { c } = consumer;
function msgs(p,from,n){ const r=[]; for(let i=0;i<n;i++) r.push({magicByte:2,attributes:0,timestamp:"1700000000000",offset:String(from+i),key:Buffer.from("k"+i),value:Buffer.from("value"+i),headers:{},isControlRecord:false,batchContext:null}); return r; }
const pool=[];for(let b=0;b<80;b++)pool.push(msgs(0,b*1000,1000));globalThis.gc?.();
for(let round=0;round<8;round++){
  let t=0; let off=0;
  for(let b=0;b<80;b++){
    const messages=pool[b];
    const s=process.cpuUsage();
    if(mode==="m") for(const message of messages) await c.eachMessage({topic,partition:0,message,heartbeat:async()=>{},pause:()=>()=>{}});
    else await c.eachBatch({batch:{topic,partition:0,messages},resolveOffset(){},heartbeat:async()=>{},pause:()=>()=>{},commitOffsetsIfNecessary:async()=>{}});
    const e=process.cpuUsage(s);t+=(e.user+e.system)*1000;
  }
  console.log(mode,attachIt,(t/N).toFixed(0),"ns/msg", a?.faults, a?.lastFault);
}
process.exit(0);
